// Every text of the widget, in one place: plain, short, no imitation of a person.

export const words = {
  launcher: "Help",
  open: "Open the chat",
  openWithNew: (count) =>
    count === 1 ? "Open the chat, 1 new message" : `Open the chat, ${count} new messages`,
  close: "Close the chat",
  title: (company) => (company ? `${company} support` : "Support"),
  panel: (company) => (company ? `Chat with ${company} support` : "Chat with support"),
  conversation: "Conversation",

  intro: (company) =>
    `This is ${company ? `${company}'s` : "an"} automated assistant. It can find orders, ` +
    "parcels and refunds, start a return, and cancel or change an order.",
  introPerson: "For a person, press “Talk to a person” at any time.",
  starters: ["Where is my order?", "I want to return an item", "Where is my refund?"],

  assistant: "Automated assistant",
  agent: "Support",
  you: "You",
  edited: "edited",
  deletedBy: (name) => `Deleted by ${name}`,
  suggestions: "Suggested answers",
  newTab: " (opens in a new tab)",

  assistantAnswers: "Automated assistant",
  waiting: (position, wait) => {
    if (wait?.back) return `Nobody is there now. People are back ${wait.back}.`;
    if (wait?.nobody) return "Nobody can answer at the moment.";
    if (wait?.away) return "Nobody is at the desk at the moment.";
    if (!position) return "Waiting for a person";
    const place = position === 1 ? "You are next in the queue." : `You are number ${position} in the queue.`;
    if (wait?.slow) return `${place} It takes longer than usual.`;
    const minutes = wait?.within_min;
    if (!minutes) return place;
    return `${place} Usually within ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
  },
  choice: "You can keep waiting here, or:",
  personAnswers: (name) => (name ? `${name} answers` : "A person answers"),
  byEmail: (address) => `A person answers you by e-mail${address ? `, at ${address}` : ""}`,
  ended: "Conversation ended",
  talkToPerson: "Talk to a person",
  backToAssistant: "Back to the assistant",

  answerByEmail: "Answer by e-mail",
  email: {
    title: "Get the answer by e-mail",
    what: (responder) =>
      responder === "queue"
        ? "You need not wait here. A colleague writes to you, and you can reply to the e-mail."
        : "If you close this page, the answers go there. You can reply to the e-mail.",
    use: (address) => `Use ${address}`,
    another: "Or another address",
    address: "Your e-mail address",
    send: "Send",
    empty: "Type the address first.",
    dismiss: "Close without an address",
  },

  left: "The chat from before you signed in",
  continueAs: (name) =>
    `Continue the chat from before you signed in${name ? `, as ${name}` : ""}?`,
  takeAlong: "Continue it",
  leaveBehind: "No, leave it",

  thinking: "The assistant is looking it up",
  connectingAgain: "Connecting again",
  offline: "This device is offline. Your messages are sent once it is back",
  newMessages: "New messages",

  yourMessage: "Your message",
  placeholder: "Write a message",
  send: "Send",
  attach: "Attach a file",
  sendingFile: (name) => `Sending ${name}`,
  fileNotSent: (name, why) => `${name} was not sent. ${why || "Check the connection and try again."}`,
  fileTooLarge: (name) => `${name} is too large. At most 5 MB fit.`,
  fileNotRead: "The file could not be opened. Check the connection and try again.",
  charactersLeft: (count) => `${count} characters left`,

  sending: "Sending",
  notSent: "Not sent.",
  notSentYet: "Not sent yet. The connection is down.",
  retry: "Retry",

  survey: "Short survey",
  ask: {
    ces: (company) => `${company || "Support"} made it easy for me to handle my issue.`,
    csat: () => "How satisfied are you with the help you got?",
    nps: (company) => `How likely are you to recommend ${company || "us"} to somebody you know?`,
  },
  ends: {
    ces: ["Strongly disagree", "Strongly agree"],
    csat: ["Very dissatisfied", "Very satisfied"],
    nps: ["Not at all likely", "Extremely likely"],
  },
  rate: "Send rating",
  why: {
    ces: "What made it easy or hard?",
    csat: "What is the main reason for your rating?",
    nps: "What is the main reason for your rating?",
  },
  sendAnswer: "Send answer",
  skip: "Skip",
  dismiss: "Dismiss the survey",
  followUp: "Would you like a colleague to look at this?",
  followUpWhere: "The answer comes here, in this chat.",
  yesColleague: "Yes, please",
  noColleague: "No, thanks",
  surveySaved: "Thank you. Your answer is saved.",
};
