"""People who do not exist: faces to train on, a cast to choose, loops to render, checks to run."""
import argparse


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog='python -m training.cast', description=__doc__)
    sub = top.add_subparsers(dest='command', required=True)
    f = sub.add_parser('faces', help='single face pictures of many people, for training')
    f.add_argument('--people', type=int, default=1000)
    f.add_argument('--first', type=int, default=100000, help='first seed; the demo\'s cast has seeds below 100000')
    f.add_argument('--views', type=int, default=8)
    f.add_argument('--out', required=True)
    f.add_argument('--part', type=int, default=0, help='this process makes the seeds with seed %% OF == PART')
    f.add_argument('--of', type=int, default=1)
    c = sub.add_parser('choose', help='measure many seeds and pick the cast from them')
    c.add_argument('--people', type=int, default=300)
    c.add_argument('--first', type=int, default=0)
    c.add_argument('--part', type=int, default=0)
    c.add_argument('--of', type=int, default=1)
    c.add_argument('--out', required=True, help='folder for scores and front pictures, one per seed')
    c.add_argument('--count', type=int, default=12)
    c.add_argument('--keep', type=int, nargs='*', default=[])
    c.add_argument('--without', type=int, nargs='*', default=[], help='seeds that look odd to a human eye')
    c.add_argument('--pick', action='store_true', help='only pick, from what is measured')
    l = sub.add_parser('loops', help='render scenes to footage')
    l.add_argument('names', nargs='*', default=[], help='default: all scenes')
    l.add_argument('--out', default='footage')
    w = sub.add_parser('far', help='two scenes from far away, at 3840x2160 and at 640x360')
    w.add_argument('names', nargs='*', default=[], help='lobby, street; default: both')
    w.add_argument('--out', default='.rollcall/far-4k')
    e = sub.add_parser('all', help='all loops, then the check')
    e.add_argument('--out', default='footage')
    t = sub.add_parser('still', help='one picture of a scene')
    t.add_argument('name')
    t.add_argument('at', type=float)
    t.add_argument('out')
    for s in (l, w, t, e):
        s.add_argument('--spp', type=int, default=6, help='light paths a pixel of the empty places')
    k = sub.add_parser('check', help='measure finished loops and their truth')
    k.add_argument('--footage', default='footage')
    k.add_argument('--every', type=int, default=3, help='look at every n-th picture')
    e.add_argument('--every', type=int, default=3)
    for s in (c, k, e):
        s.add_argument('--detector', default='../shared/models/yunet_n_dynamic.onnx')
        s.add_argument('--embedder', default='../shared/models/mobilefacenet_foamliu.onnx')
    for s in (f, c, l, w, t, e):
        s.add_argument('--assets', default='../shared/assets/makehuman', help='folder with base.obj and targets/')
    return top


def main() -> None:
    a = parser().parse_args()
    if a.command == 'faces':
        from . import faces
        faces.run(a)
    elif a.command == 'choose':
        from . import choose
        if not a.pick:
            choose.measure(a)
        choose.pick(a)
    elif a.command == 'loops':
        from . import loops
        for name in a.names or loops.ALL:
            loops.run(name, a)
    elif a.command == 'far':
        from . import far
        for name in a.names or far.SCENES:
            far.run(name, a)
    elif a.command == 'all':
        from . import check, loops
        for name in loops.ALL:
            loops.run(name, a)
        raise SystemExit(check.run(argparse.Namespace(**{**vars(a), 'footage': a.out})))
    elif a.command == 'check':
        from . import check
        raise SystemExit(check.run(a))
    elif a.command == 'still':
        from . import loops
        loops.still(a.name, a.at, a, a.out)


main()
