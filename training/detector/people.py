"""Random people who do not exist: weights of morph targets, colours, and what they wear on their heads."""

import numpy as np

races = ("african", "asian", "caucasian")
# How far each region's targets are pushed, as a standard deviation.
amplitudes = {
    "head": 0.3, "nose": 0.4, "mouth": 0.35, "chin": 0.4, "forehead": 0.4,
    "cheek": 0.4, "eyes": 0.3, "eyebrows": 0.4, "ears": 0.3, "neck": 0.2,
}
hair_colours = np.array(
    [[0.012, 0.01, 0.01], [0.04, 0.024, 0.015], [0.1, 0.05, 0.025], [0.25, 0.13, 0.05], [0.5, 0.35, 0.17],
     [0.28, 0.08, 0.03], [0.45, 0.44, 0.43], [0.72, 0.7, 0.68]]
)


def macro_weights(rng) -> dict:
    """Race, sex, age and weight, mixed so that the corners of each mixture sum to one."""
    race = rng.dirichlet([0.4] * 3)
    male, old, heavy = rng.beta(0.4, 0.4), rng.beta(0.6, 0.9), np.clip(rng.normal(0, 0.5), -1, 1)
    weights = {}
    for sex, of_sex in (("male", male), ("female", 1 - male)):
        for age, of_age in (("old", old), ("young", 1 - old)):
            for name, part in zip(races, race):
                weights[f"macrodetails/{name}-{sex}-{age}"] = of_sex * of_age * part
            universal = f"macrodetails/universal-{sex}-{age}-averagemuscle-"
            weights[universal + "averageweight"] = of_sex * of_age * (1 - abs(heavy))
            extreme = "maxweight" if heavy > 0 else "minweight"
            weights[universal + extreme] = of_sex * of_age * abs(heavy)
    return weights | {"_male": male, "_old": old, "_dark": race[0]}


def shape_weights(rng, targets) -> dict:
    """A random face: every third target or so, left and right alike."""
    weights = {}
    for name in sorted(targets):
        region = name.split("/")[0]
        if region not in amplitudes or "/r-" in name or rng.random() > 0.35:
            continue
        weight = abs(rng.normal(0, amplitudes[region]))
        if any(word in name for word in ("trans", "angle", "scale-depth", "age")):
            weight *= 0.3
        for each in (name, name.replace("/l-", "/r-")):
            weights[each] = min(weight, 1.0)
    return weights


def expression_weights(rng, targets) -> dict:
    names = sorted(name for name in targets if name.startswith("expression"))
    return {name: rng.uniform(0.2, 0.8) for name in rng.choice(names, rng.integers(0, 3), replace=False)}


def skin_colour(rng, dark: float) -> np.ndarray:
    melanin = np.clip(dark * rng.uniform(0.5, 1) + rng.uniform(0, 0.4), 0, 1)
    light, deep = np.log([0.84, 0.58, 0.45]), np.log([0.12, 0.058, 0.036])
    tint = 1 + rng.normal(0, 0.04, 3)
    return np.exp(light * (1 - melanin) + deep * melanin) * tint


def random_person(seed: int, targets) -> dict:
    """Everything about one person that a picture of them needs."""
    rng = np.random.default_rng(seed)
    weights = macro_weights(rng)
    male, old, dark = (weights.pop(key) for key in ("_male", "_old", "_dark"))
    skin = skin_colour(rng, dark)
    hair = hair_colours[rng.integers(6 if old < 0.5 else 8)] * (1 if rng.random() > dark * 0.8 else 0.2)
    lips = skin * [0.82, 0.5, 0.54]
    if male < 0.5 and rng.random() < 0.4:
        lips = 0.4 * lips + 0.6 * np.array([0.45, 0.05, 0.08])
    return {
        "seed": seed,
        "weights": weights | shape_weights(rng, targets),
        "skin": skin,
        "lips": lips,
        "hair": hair,
        "brows": np.minimum(hair, 0.25) * 0.6,
        "brow": (rng.uniform(0.02, 0.06), rng.uniform(-0.03, 0.04), rng.uniform(0, 0.08), rng.uniform(0.5, 1)),
        "iris": np.array([[0.05, 0.025, 0.01], [0.14, 0.08, 0.03], [0.12, 0.22, 0.32], [0.12, 0.2, 0.1]])[rng.integers(4)],
        "beard": rng.uniform(0.3, 1) if male > 0.5 and rng.random() < 0.45 else 0.0,
        "hairline": rng.uniform(-0.12, 0.18),
        "bald": male > 0.5 and rng.random() < 0.2,
        "volume": rng.uniform(0.03, 0.2),
        "long": rng.choice([6.6, 5.9, 4.8]) if rng.random() > male * 0.9 else None,
        "fringe": 7.65 if rng.random() < 0.25 else None,
        "clothes": rng.uniform(0.02, 0.5, 3),
        "liner": rng.uniform(0.2, 0.9) if male < 0.5 else rng.uniform(0, 0.3),
        "creases": old * rng.uniform(0.3, 1),
    }


def random_wear(rng) -> dict:
    """What covers a face in one picture: none, glasses, sunglasses, a mask, a hat; with colours."""
    kind = rng.random()
    return {
        "glasses": "clear" if 0.0 <= kind < 0.12 else "dark" if kind < 0.2 else None,
        "mask": rng.uniform(0.03, 0.9, 3) if 0.2 <= kind < 0.34 else None,
        "hat": rng.uniform(0.02, 0.7, 3) if 0.3 <= kind < 0.5 else None,
    }
