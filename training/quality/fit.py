"""Fits src/vision/sharpness.ts: python training/quality/fit.py faces.jsonl (numpy, scikit-learn, scipy)."""

import json
import sys

import numpy as np
from scipy.stats import spearmanr
from sklearn.linear_model import Ridge

rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
features = np.array([row["features"] for row in rows])
cosines = np.clip([row["cosine"] for row in rows], 0, 1)
least, most = np.percentile(features, [0.5, 99.5], axis=0)
c, m, f, n, density = np.clip(features, least, most).T
terms = np.stack([c, c * c, m, m * m, f, f * f, n, n * n, f * n, f * m, density], 1)
mean, deviation = terms.mean(0), terms.std(0)
fitted = Ridge(1).fit((terms - mean) / deviation, cosines)
weights = fitted.coef_ / deviation
print("least", least.round(3), "most", most.round(3))
print("weights", weights.round(4), "constant", round(fitted.intercept_ - weights @ mean, 4))
print("rank correlation", spearmanr(fitted.predict((terms - mean) / deviation), cosines)[0])
