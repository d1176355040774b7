"""python -m training.cast [all | faces | choose | loops | check | stills] --assets DIR ..."""
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
    for s in (f,):
        s.add_argument('--assets', default='../shared/assets/makehuman', help='folder with base.obj and targets/')
    return top


def main() -> None:
    a = parser().parse_args()
    if a.command == 'faces':
        from . import faces
        faces.run(a)


main()
