"""Who somebody is: everything about a person that follows from a seed, as plain numbers."""
import numpy as np

AMPLITUDE = 0.8  # no morph target is ever applied further than this
OPPOSITES = [('-incr', '-decr'), ('-up', '-down'), ('-in', '-out'), ('-forward', '-backward'), ('-convex', '-concave'), ('-uncompress', '-compress')]
SPREAD = dict(head=.26, nose=.52, mouth=.46, chin=.46, forehead=.28, cheek=.5, eyes=.46, eyebrows=.46, ears=.3, neck=.15)
SHAPES = ['head/head-' + s for s in 'round oval square diamond rectangular oval invertedtriangular'.split()]
STILL = ('nose/nose-trans', 'mouth/mouth-trans', 'head/head-trans', 'neck/neck-trans', 'head/head-angle', 'head/head-scale-vert', 'neck/neck-scale-vert')
CALM = ('eyes/l-eye-scale', 'eyes/l-eye-push', 'eyes/l-eye-height', 'eyes/l-eye-trans', 'mouth/mouth-scale-depth', 'head/head-age', 'head/head-fat', 'forehead/forehead-nubian',
        'mouth/mouth-lowerlip-ext', 'mouth/mouth-upperlip-ext', 'nose/nose-scale-vert', 'chin/chin-jaw-drop', 'mouth/mouth-scale-vert', 'eyes/l-eye-bag', 'nose/nose-septumangle', 'eyes/l-eye-eyefold')
# Women lean this way: narrower jaw and nose, fuller lips, larger eyes, higher and finer brows.
LEAN = {'chin/chin-width': -.35, 'chin/chin-bones': -.3, 'nose/nose-scale-horiz': -.2, 'mouth/mouth-upperlip-volume': .25, 'mouth/mouth-lowerlip-volume': .25, 'eyes/l-eye-scale': .3,
        'eyebrows/eyebrows-trans': .2, 'cheek/l-cheek-bones': .2, 'nose/nose-hump': -.25, 'head/head-scale-horiz': -.15, 'chin/chin-height': -.15, 'neck/neck-scale-horiz': -.3}
HAIR = np.array([[.010, .008, .008], [.022, .014, .010], [.060, .032, .016], [.14, .075, .033], [.36, .235, .11], [.21, .062, .022], [.30, .29, .28], [.62, .60, .57]])
IRIS = np.array([[.045, .018, .008], [.11, .05, .018], [.13, .10, .04], [.07, .16, .26], [.16, .21, .25], [.07, .14, .075]])
FEMALE_HAIR = ['bob', 'long', 'bun', 'pixie', 'fringe', 'curly', 'swept']
MALE_HAIR = ['crop', 'side', 'quiff', 'buzz', 'bald', 'curly', 'swept']


def sliders(targets) -> dict:
    """Opposed pairs of targets as name -> (plus targets, minus targets); left and right move together."""
    out = {}
    for n in sorted(targets):
        if n.split('/')[0] in ('macrodetails', 'expression') or '/r-' in n:
            continue
        for p, m in OPPOSITES:
            if n.endswith(p) and n[:-len(p)] + m in targets:
                plus, minus = [n], [n[:-len(p)] + m]
                if '/l-' in n:
                    plus.append(n.replace('/l-', '/r-'))
                    minus.append(minus[0].replace('/l-', '/r-'))
                out[n[:-len(p)]] = (plus, minus)
                break
    return out


def _morphs(r, p, targets) -> dict:
    w = {}
    for share, sex in ((p['male'], 'male'), (1 - p['male'], 'female')):
        for a, age in ((1 - p['old'], 'young'), (p['old'], 'old')):
            for k, race in enumerate(('african', 'asian', 'caucasian')):
                w[f'macrodetails/{race}-{sex}-{age}'] = share * a * p['origin'][k]
            b = f'macrodetails/universal-{sex}-{age}-averagemuscle-'
            w[b + 'averageweight'] = share * a * (1 - abs(p['weight']))
            w[b + ('maxweight' if p['weight'] > 0 else 'minweight')] = share * a * abs(p['weight'])
    for name, (plus, minus) in sliders(targets).items():
        v = float(np.clip(r.normal(0, SPREAD[name.split('/')[0]]), -AMPLITUDE, AMPLITUDE))
        if name.startswith(STILL) or name.endswith('trans-in'):
            v *= .06
        elif name.startswith(CALM):
            v *= .55
        if name == 'head/head-age':
            v = abs(v) * p['old']
        v += (1 - p['male']) * LEAN.get(name, 0.)
        v = float(np.clip(v, -AMPLITUDE, AMPLITUDE))
        for t in plus if v > 0 else minus:
            w[t] = abs(v)
    for amount in (r.uniform(.1, .45), r.uniform(0, .2)):
        s = SHAPES[r.integers(7)]
        w[s] = min(AMPLITUDE, w.get(s, 0) + float(amount))
    return {k: float(v) for k, v in w.items() if abs(v) > 1e-4}


def person(seed: int, targets, **fixed) -> dict:
    """The recipe of person `seed`; `fixed` overrides entries (clothes, hair style) without changing the rest."""
    r = np.random.default_rng([seed, 20261124])
    p = {'seed': seed}
    p['origin'] = r.dirichlet([.45] * 3)
    p['male'] = float(r.uniform(.86, 1) if r.uniform() < .5 else r.uniform(0, .12))
    male = p['male'] > .5
    p['old'] = float(r.uniform(.02, .3) if r.uniform() < .66 else r.uniform(.35, .85))
    p['weight'] = float(np.clip(r.normal(-.05, .3), -.6, .55))
    p['height'] = float(np.clip(r.normal(1.0, .03), .94, 1.06)) * (1.03 if male else .965)
    p['morphs'] = _morphs(r, p, targets)
    o = p['origin']
    mel = float(np.clip(o[0] * r.uniform(.55, .95) + o[1] * r.uniform(.12, .42) + o[2] * r.uniform(.02, .30), 0, 1))
    p['melanin'] = mel
    light, dark = np.array([.72, .46, .345]), np.array([.085, .040, .024])
    tone = r.uniform()
    p['skin'] = np.exp(np.log(light) * (1 - mel) + np.log(dark) * mel) * (np.array([1.0, .99, .86]) * tone + np.array([1.03, .93, .93]) * (1 - tone))
    p['freckles'] = float(r.uniform(.4, 1) if r.uniform() < .25 else 0) * max(0., 1 - 2 * mel)
    p['blotch'], p['flush'], p['bags'] = r.uniform(.04, .14), r.uniform(.15, .6), r.uniform(.05, .4) * (.5 + p['old'])
    p['moles'] = [(r.uniform(-.6, .6), r.uniform(6.3, 7.9), r.uniform(.007, .017)) for _ in range(r.integers(0, 4))]
    p['wrinkles'] = float(max(0, p['old'] - .2) * r.uniform(.8, 1.3))
    grey = max(0., p['old'] - .3)
    w = np.array([.30, .25, .2, .13, .11 * (1 - mel) ** 2, .07 * (1 - mel) ** 2, 1.1 * grey, .7 * grey]) * np.array([1, 1, 1 - .8 * mel, 1 - .9 * mel, 1, 1, 1, 1])
    k = int(r.choice(8, p=w / w.sum()))
    p['hair_colour'] = HAIR[k] * r.uniform(.8, 1.2)
    p['brow_colour'] = np.minimum(HAIR[k if k < 6 else 3] * (.75 if k != 4 else .4), .12) * (1 - .5 * mel)
    p['brow'] = dict(thick=r.uniform(.03, .058) * (1.0 if male else .62), y=r.uniform(-.025, .03), arch=r.uniform(.0, .06), slope=r.uniform(-.03, .03),
                     x0=r.uniform(.085, .135), x1=r.uniform(.50, .58), dense=r.uniform(.55, 1.), tail=r.uniform(.3, .8))
    p['iris'] = IRIS[r.choice(6, p=[.38, .24, .12, .12, .08, .06] if mel < .4 else [.72, .25, .03, 0, 0, 0])] * r.uniform(.8, 1.25)
    lips = p['skin'] * np.array([.78, .50, .50])
    paint = np.array([[.36, .045, .06], [.28, .05, .10], [.42, .13, .11], [.2, .03, .035]])[r.integers(4)]
    p['lips'] = lips * .45 + paint * .55 * (1 - .4 * mel) if not male and r.uniform() < .5 else lips
    p['gloss'], p['liner'] = r.uniform(.1, .4), float(r.uniform(.45, 1) if not male else r.uniform(.1, .3))
    b = r.uniform()
    p['stubble'] = 0. if not male else float(r.uniform(.12, .5))
    p['beard'] = None if not male or b < .58 else ('full', 'goatee', 'moustache', 'full')[r.integers(4)]
    p['hair'] = str((MALE_HAIR if male else FEMALE_HAIR)[r.choice(7, p=[.24, .2, .14, .12, .09, .1, .11] if male else [.22, .2, .18, .08, .14, .1, .08])])
    p['hairline'], p['temple'], p['part'] = r.uniform(-.08, .10), r.uniform(0, .2) * (1 if male else .35), float(r.choice([-1, 1])) * r.uniform(.1, .35)
    p['oil'] = r.uniform(.35, .8)
    p['outfit'] = outfit(r, male)
    p.update(fixed)
    return _plain(p)


def _plain(v):
    """Python floats and float32 arrays throughout, so that maps are computed in single precision."""
    if isinstance(v, dict):
        return {k: _plain(x) for k, x in v.items()}
    if isinstance(v, np.ndarray):
        return v.astype(np.float32)
    return float(v) if isinstance(v, np.floating) else v


CLOTH = np.array([[.035, .06, .16], [.22, .035, .04], [.04, .12, .07], [.20, .20, .20], [.025, .025, .028], [.42, .37, .28], [.55, .54, .52], [.08, .16, .26], [.36, .20, .06], [.17, .06, .13], [.30, .36, .40], [.09, .07, .055]])


def outfit(r, male: bool) -> dict:
    """Clothes: a top (kind, two colours, pattern), trousers or skirt, shoes. Colours are linear reflectances."""
    k, k2, k3 = r.choice(12, 3, replace=False)
    kind = str(r.choice(['tee', 'shirt', 'sweater', 'jacket', 'turtleneck']))
    pattern = int(r.choice([0, 1, 2], p=[.66, .2, .14])) if kind != 'jacket' else 3
    return dict(top=kind, colour=CLOTH[k], second=CLOTH[k2] if pattern != 3 else CLOTH[r.choice([5, 6, 4, 10])], pattern=pattern, scale=float(r.uniform(1.6, 4)),
                legs=np.array([[.03, .045, .09], [.02, .02, .024], [.12, .10, .075], [.07, .07, .075]])[r.integers(4)],
                shoes=np.array([[.02, .018, .016], [.10, .05, .025], [.5, .5, .48]])[r.integers(3)], skirt=bool(not male and r.uniform() < .3))
