"""The linear model agrees with scikit-learn's, which cannot take both kinds of features at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.nlu.calibration import Mixture, hold_out
from bot.nlu.softmax_regression import SoftmaxRegression, log_softmax


@pytest.fixture
def data():
    chance = np.random.default_rng(4)
    labels = np.repeat(np.arange(3), [20, 40, 60])
    dense = chance.normal(size=(120, 5)).astype(np.float32) + labels[:, np.newaxis] * 0.4
    sparse = csr_matrix((chance.random((120, 30)) < 0.1).astype(np.float32))
    return dense.astype(np.float32), sparse, labels


def test_it_finds_what_scikit_learn_finds(data):
    dense, sparse, labels = data
    ours = SoftmaxRegression.fit(dense, sparse, labels, strength=2.0)
    joined = hstack([csr_matrix(dense), sparse]).tocsr()
    theirs = LogisticRegression(C=2.0, class_weight="balanced", max_iter=2000).fit(joined, labels)
    expected = theirs.predict_proba(joined)
    np.testing.assert_allclose(np.exp(ours.log_probabilities(dense, sparse)), expected, atol=0.02)


def test_it_survives_being_written_down(data, tmp_path):
    dense, sparse, labels = data
    model = SoftmaxRegression.fit(dense, sparse, labels, strength=1.0)
    model.save(tmp_path / "linear.npz")
    again = SoftmaxRegression.load(tmp_path / "linear.npz")
    np.testing.assert_array_equal(
        model.log_probabilities(dense, sparse), again.log_probabilities(dense, sparse)
    )


def test_the_mixture_trusts_the_model_that_knows():
    chance = np.random.default_rng(5)
    classes = chance.integers(0, 4, size=300)
    knows = log_softmax(3 * np.eye(4)[classes] + chance.normal(size=(300, 4)))
    guesses = log_softmax(3 * chance.normal(size=(300, 4)))
    mixture = Mixture.fit(guesses.astype(np.float32), knows.astype(np.float32), classes)
    assert mixture.tuned > 3 * mixture.linear
    assert Mixture(*mixture.as_list()) == mixture


def test_probabilities_that_are_too_sure_are_tempered():
    chance = np.random.default_rng(6)
    classes = chance.integers(0, 3, size=600)
    said = np.where(chance.random(600) < 0.7, classes, chance.integers(0, 3, size=600))
    boastful = log_softmax(12 * np.eye(3)[said])
    joined = Mixture.fit(boastful, boastful, classes).join(boastful, boastful)
    assert np.exp(joined).max(axis=1).mean() == pytest.approx((said == classes).mean(), abs=0.03)


def test_an_eighth_of_each_class_is_held_out_and_the_same_one_each_time():
    classes = np.repeat(np.arange(10), 40)
    held = hold_out(classes, seed=3)
    assert [int(held[classes == one].sum()) for one in range(10)] == [5] * 10
    np.testing.assert_array_equal(held, hold_out(classes, seed=3))
    assert not hold_out(np.repeat(np.arange(3), 8), seed=3).any()
