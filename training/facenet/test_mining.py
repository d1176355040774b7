"""The rules of mining and measuring, by batches small enough to work out by hand: `python -m unittest training.facenet.test_mining`."""

from __future__ import annotations

import unittest

import numpy as np

from .measure import best_cosine, equal_error_rate, split_distances, val_at_far
from .mining import STRATEGIES, pairs, triplets

# Two faces of a, two of b, one of c; from the first face the others are .5, .3, .6 and .9 away.
people = np.array([0, 0, 1, 1, 2])
distances = np.array(
    [
        [0.0, 0.5, 0.3, 0.6, 0.9],
        [0.5, 0.0, 0.1, 0.2, 0.4],
        [0.3, 0.1, 0.0, 0.7, 0.8],
        [0.6, 0.2, 0.7, 0.0, 1.5],
        [0.9, 0.4, 0.8, 1.5, 0.0],
    ]
)


def chosen(strategy: str, seed: int = 1) -> set[tuple[int, int, int]]:
    found = triplets(distances, people, strategy, np.random.default_rng(seed))
    return {tuple(int(i) for i in triplet) for triplet in zip(*found, strict=True)}


class Mining(unittest.TestCase):
    def test_every_two_faces_of_a_person_are_a_pair_in_both_orders(self) -> None:
        self.assertEqual(set(zip(*(each.tolist() for each in pairs(people)), strict=True)), {(0, 1), (1, 0), (2, 3), (3, 2)})

    def test_semi_hard_takes_the_nearest_that_is_farther_than_the_positive_or_else_the_farthest(self) -> None:
        # From face 1 nobody is farther than .5, from face 2 only face 4 is farther than .7.
        self.assertEqual(chosen("semi-hard"), {(0, 1, 3), (1, 0, 4), (2, 3, 4), (3, 2, 4)})

    def test_hard_takes_the_nearest(self) -> None:
        self.assertEqual(chosen("hard"), {(0, 1, 2), (1, 0, 2), (2, 3, 1), (3, 2, 1)})

    def test_all_takes_everybody_else(self) -> None:
        self.assertEqual(len(chosen("all")), 12)
        self.assertTrue(chosen("hard") | chosen("semi-hard") <= chosen("all"))

    def test_random_takes_each_negative_now_and_then_and_nothing_else(self) -> None:
        self.assertEqual(set().union(*(chosen("random", seed) for seed in range(60))), chosen("all"))

    def test_the_same_seed_gives_the_same_triplets(self) -> None:
        for strategy in STRATEGIES:
            self.assertEqual(chosen(strategy, 3), chosen(strategy, 3))

    def test_one_person_alone_has_no_negative(self) -> None:
        with self.assertRaises(ValueError):
            triplets(distances[:2, :2], people[:2], "hard", np.random.default_rng(1))


class Measuring(unittest.TestCase):
    same = np.array([0.1, 0.2, 0.3, 1.0])
    different = np.array([0.25, 0.9, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8])

    def test_distances_are_squared_and_split_by_person(self) -> None:
        turned = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
        same, different = split_distances(turned, np.array([0, 0, 1]))
        np.testing.assert_allclose(same, [2])
        np.testing.assert_allclose(different, [2, 4])

    def test_val_is_at_the_largest_threshold_that_lets_no_more_through(self) -> None:
        self.assertEqual(val_at_far(self.same, self.different, 0.1), (0.75, 0.9))
        self.assertEqual(val_at_far(self.same, self.different, 0.001), (0.5, 0.25))

    def test_the_eer_is_where_both_errors_are_nearest(self) -> None:
        self.assertAlmostEqual(equal_error_rate(self.same, self.different), (0.2 + 0.25) / 2)

    def test_the_best_cosine_makes_the_fewest_errors(self) -> None:
        self.assertAlmostEqual(best_cosine(self.same, self.different), 1 - 1.0 / 2)


if __name__ == "__main__":
    unittest.main()
