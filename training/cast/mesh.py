"""Meshes: subsets of the base, Catmull-Clark subdivision as a sparse matrix, normals, clipping."""
import numpy as np
from scipy import sparse


def triangles(quads: np.ndarray) -> np.ndarray:
    """(n,4) quads to (2n,3) triangles; degenerate halves are dropped."""
    a, b = quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]
    return np.concatenate([a, b[quads[:, 3] != quads[:, 0]]]).astype(np.int32)


def normals(pos: np.ndarray, tri: np.ndarray) -> np.ndarray:
    e = np.cross(pos[tri[:, 1]] - pos[tri[:, 0]], pos[tri[:, 2]] - pos[tri[:, 0]])
    out = np.stack([sum(np.bincount(tri[:, k], e[:, c], len(pos)) for k in range(3)) for c in range(3)], 1)
    return (out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-12)).astype(np.float32)


def compact(quads: np.ndarray, count: int):
    """Renumbers the used vertices from 0; returns (quads, indices into the base)."""
    used = np.unique(quads)
    remap = np.full(count, -1, np.int64)
    remap[used] = np.arange(len(used))
    return remap[quads].astype(np.int32), used


def subdivide(quads: np.ndarray, nv: int):
    """One Catmull-Clark step: (new quads, sparse matrix from old to new positions)."""
    nf = len(quads)
    edges = np.sort(np.concatenate([quads[:, [i, (i + 1) % 4]] for i in range(4)]), 1)
    uniq, inv = np.unique(edges, axis=0, return_inverse=True)
    inv = inv.reshape(4, nf)
    ne = len(uniq)
    face = sparse.csr_matrix((np.full(4 * nf, .25), (np.repeat(np.arange(nf), 4), quads.ravel())), (nf, nv))
    ef = sparse.csr_matrix((np.ones(4 * nf), (inv.ravel(), np.tile(np.arange(nf), 4))), (ne, nf))
    faces_of_edge = np.asarray(ef.sum(1)).ravel()
    ends = sparse.csr_matrix((np.full(2 * ne, .5), (np.repeat(np.arange(ne), 2), uniq.ravel())), (ne, nv))
    inner = faces_of_edge == 2
    mid = sparse.diags(np.where(inner, .5, 1.)) @ ends + sparse.diags(np.where(inner, .25, 0.)) @ ef @ face
    vf = sparse.csr_matrix((np.ones(4 * nf), (quads.ravel(), np.repeat(np.arange(nf), 4))), (nv, nf))
    ve = sparse.csr_matrix((np.ones(2 * ne), (uniq.ravel(), np.repeat(np.arange(ne), 2))), (nv, ne))
    nfv, nev = np.asarray(vf.sum(1)).ravel(), np.asarray(ve.sum(1)).ravel()
    n = np.maximum(nfv, 1)
    rule = sparse.diags(1 / n**2) @ vf @ face + sparse.diags(2 / (n * np.maximum(nev, 1))) @ ve @ ends + sparse.diags((n - 3) / n)
    border = nfv != nev
    be = sparse.csr_matrix(ve.multiply(sparse.csr_matrix((~inner).astype(float))))
    edge_rule = sparse.diags(np.full(nv, .5)) + sparse.diags(.25 * np.ones(nv)) @ be @ ends
    vert = sparse.diags((~border).astype(float)) @ rule + sparse.diags(border.astype(float)) @ edge_rule
    new = sparse.vstack([vert, mid, face]).tocsr()
    e = inv + nv
    f = np.arange(nf) + nv + ne
    out = np.concatenate([np.stack([quads[:, i], e[i], f, e[(i + 3) % 4]], 1) for i in range(4)])
    rows = np.asarray(new.sum(1)).ravel()
    return out.astype(np.int32), (sparse.diags(1 / rows) @ new).tocsr().astype(np.float32)


def clip(tri: np.ndarray, f: np.ndarray):
    """Cuts triangles at f = 0 and keeps f >= 0: (triangles, sparse matrix old -> new vertices, border vertex indices)."""
    nv = len(f)
    keep = f >= 0
    count = keep[tri].sum(1)
    out, cuts, pairs = [tri[count == 3]], {}, []

    def cut(a, b):
        k = (a, b) if a < b else (b, a)
        if k not in cuts:
            cuts[k] = nv + len(pairs)
            pairs.append(k)
        return cuts[k]

    extra = []
    for t in tri[(count == 1) | (count == 2)]:
        s = int(np.argmax(keep[t])) if keep[t].sum() == 1 else int(np.argmin(keep[t]))
        a, b, c = int(t[s]), int(t[(s + 1) % 3]), int(t[(s + 2) % 3])
        ab, ac = cut(a, b), cut(a, c)
        if keep[a]:
            extra.append([a, ab, ac])
        else:
            extra += [[ab, b, c], [ab, c, ac]]
    out.append(np.array(extra, np.int32).reshape(-1, 3))
    p = np.array(pairs, np.int64).reshape(-1, 2)
    t = f[p[:, 0]] / (f[p[:, 0]] - f[p[:, 1]])
    r = np.arange(len(p)) + nv
    m = sparse.csr_matrix((np.concatenate([np.ones(nv), 1 - t, t]), (np.concatenate([np.arange(nv), r, r]), np.concatenate([np.arange(nv), p[:, 0], p[:, 1]]))), (nv + len(p), nv))
    return np.concatenate(out).astype(np.int32), m.astype(np.float32), r
