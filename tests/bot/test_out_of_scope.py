"""The detector learns what strangers have in common; the threshold weighs both kinds of error."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.ngrams import Ngrams
from bot.nlu.out_of_scope import Detector, Known, best_threshold, evidence


def _signs(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """The first sign tells half of the strangers, the second the other half; a third is noise."""
    chance = np.random.default_rng(seed)
    outside = np.arange(n) % 3 == 0
    signs = chance.normal(size=(n, 3))
    signs[outside & (np.arange(n) % 2 == 0), 0] += 4
    signs[outside & (np.arange(n) % 2 == 1), 1] -= 4
    return signs, outside


def test_two_signs_together_tell_more_than_either():
    from sklearn.metrics import roc_auc_score

    signs, outside = _signs(1)
    detector = Detector.fit(signs, outside, np.ones(len(outside), dtype=bool))
    unseen, truth = _signs(2)
    together = roc_auc_score(truth, detector.probabilities(unseen))
    assert together > roc_auc_score(truth, unseen[:, 0]) + 0.05
    assert together > roc_auc_score(truth, -unseen[:, 1]) + 0.05


def test_a_detector_survives_being_written_down():
    signs, outside = _signs(1)
    detector = Detector.fit(signs, outside, ~outside)
    assert Detector(**detector.as_dict()) == detector


def test_the_threshold_separates_what_can_be_separated():
    scores = np.array([0.1, 0.2, 0.3, 0.7, 0.8])
    outside = np.array([False, False, False, True, True])
    assert 0.3 <= best_threshold(scores, outside, ~outside) < 0.7


def test_a_wrong_reading_is_no_loss_when_it_is_rejected():
    scores = np.array([0.1, 0.2, 0.5, 0.6, 0.6])
    outside = np.array([False, False, False, True, True])
    right = np.array([True, True, False, False, False])
    assert best_threshold(scores, outside, right) < 0.6


def test_without_examples_one_message_in_twenty_is_rejected():
    signs = np.random.default_rng(1).normal(size=(1000, 2))
    detector = Detector.without_examples(signs)
    rejected = detector.probabilities(signs) > detector.threshold
    assert rejected.mean() == pytest.approx(0.05, abs=0.005)
    assert rejected[signs[:, 0].argmin()]


def test_signs_speak_of_words_and_likeness():
    taught = ["return my tent", "track my parcel"]
    ngrams = Ngrams.fit(taught)
    known = Known.of(np.eye(2, dtype=np.float32), np.array([0, 1]), ngrams.transform(taught))
    texts = ["return my tent", "4711"]
    logs = np.log(np.array([[0.9, 0.1], [0.5, 0.5]]))
    vectors = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)
    sparse, extra = ngrams.transform(texts), np.zeros((2, 0))
    signs = evidence(texts, vectors, sparse, logs, extra, known, ngrams)
    assert signs.shape[0] == 2 and np.isfinite(signs).all()
    sure, similar, alike, no_words = signs[:, [0, 3, 8, 11]].T
    assert sure[0] > sure[1] and similar[0] > similar[1] and alike[0] > alike[1] == 0
    assert no_words.tolist() == [0, 1]


def test_ngrams_survive_being_written_down(tmp_path):
    ngrams = Ngrams.fit(["return my tent", "Wo ist mein Päckchen", "track my parcel"])
    ngrams.save(tmp_path / "ngrams.json")
    again = Ngrams.load(tmp_path / "ngrams.json")
    texts = ["my päckchen", "tentt"]
    np.testing.assert_allclose(
        ngrams.transform(texts).toarray(), again.transform(texts).toarray(), atol=1e-4
    )
    assert again.unknown_words("my 1 yak") == (0.5, 2)


def test_ngrams_are_those_of_scikit_learn():
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    taught = ["return my tent, my tent!", "Track my parcel", "x", "café olé 12"]
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), token_pattern=r"\w+")
    parts = TfidfVectorizer(sublinear_tf=True, ngram_range=(2, 5), analyzer="char_wb")
    expected = hstack([words.fit_transform(taught), parts.fit_transform(taught)]).toarray()
    found = Ngrams.fit(taught)
    np.testing.assert_allclose(found.transform(taught).toarray(), expected, atol=1e-6)
    assert found.transform(["", "zzz"]).nnz == 0
    assert found.transform([]).shape == (0, expected.shape[1])
