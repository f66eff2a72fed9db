"""The report about understanding: what it shows, and that nothing in it is taken for markup."""

from typing import Any

from heard.evaluation import page

REPORT: dict[str, Any] = {
    "n": 4,
    "accuracy": 0.5,
    "macro_f1": 0.6,
    "clarified": 0.25,
    "misread": 0.25,
    "intents": [
        {"intent": "greet", "precision": 1.0, "recall": 1.0, "f1": 1.0, "n": 1},
        {"intent": "refund_status", "precision": 1.0, "recall": 1 / 3, "f1": 0.5, "n": 3},
    ],
    "confusions": [
        {"expected": "refund_status", "predicted": "return_item", "n": 1},
        {"expected": "refund_status", "predicted": "nlu_fallback", "n": 1},
    ],
    "worst": [
        {
            "text": "<b>money</b> back when",
            "expected": "refund_status",
            "predicted": "return_item",
            "confidence": 0.81,
            "expected_confidence": 0.1,
        },
        {
            "text": "and now",
            "expected": "refund_status",
            "predicted": "nlu_fallback",
            "confidence": 0.3,
            "expected_confidence": 0.2,
        },
    ],
}


def test_the_page_has_the_figures_the_worst_and_the_confusions():
    shown = page(REPORT, "some sentences")
    for words in ("50.0 %", "25.0 %", "0.600", "81.0 %", "refund_status read as return_item"):
        assert words in shown
    assert shown.index("greet") > shown.index("0.500"), "the weakest intent stands first"


def test_what_customers_wrote_is_text():
    shown = page(REPORT, "some sentences")
    assert "<b>money</b>" not in shown
    assert "&lt;b&gt;money" in shown


def test_a_bot_without_faults_gets_a_page_that_says_so():
    perfect = {**REPORT, "confusions": [], "worst": []}
    shown = page(perfect, "some sentences")
    assert "Every sentence was read as meant." in shown
    assert "Confusion matrix" not in shown
