/* What is computed once per person: noise, painted strokes, ambient occlusion, ribbons of hair. */
#include "cast.h"

void noise_at(int n, const float *p, int octaves, float *o) {
  for (int i = 0; i < n; i++) o[i] = octaves > 1 ? fbm(p[3 * i], p[3 * i + 1], p[3 * i + 2], octaves) : noise3(p[3 * i], p[3 * i + 1], p[3 * i + 2]);
}

void strokes(int n, const float *s, int w, int h, float *m) {
  for (int i = 0; i < n; i++, s += 6) {
    float dx = s[2] - s[0], dy = s[3] - s[1], l2 = dx * dx + dy * dy + 1e-6f, r = s[4] + 1;
    int x0 = (int)fmaxf(0, fminf(s[0], s[2]) - r), x1 = (int)fminf(w - 1, fmaxf(s[0], s[2]) + r);
    int y0 = (int)fmaxf(0, fminf(s[1], s[3]) - r), y1 = (int)fminf(h - 1, fmaxf(s[1], s[3]) + r);
    for (int y = y0; y <= y1; y++)
      for (int x = x0; x <= x1; x++) {
        float px = x + .5f - s[0], py = y + .5f - s[1], t = clampf((px * dx + py * dy) / l2, 0, 1);
        float d = hypotf(px - t * dx, py - t * dy), wd = s[4] * (1 - .75f * t);
        float a = clampf(wd * .5f + .5f - d, 0, 1) * fminf(1, wd + .3f) * s[5];
        float *q = m + y * w + x;
        *q = 1 - (1 - *q) * (1 - a);
      }
  }
}

void occlusion(int nt, const int *tri, int nv, const float *pos, const float *nrm, int nd, const float *dirs, int S, float *out) {
  float *z = malloc(sizeof(float) * S * S), *q = malloc(sizeof(float) * 3 * nv), *wsum = calloc(nv, sizeof(float));
  for (int d = 0; d < nd; d++) {
    float D[3] = {dirs[3 * d], dirs[3 * d + 1], dirs[3 * d + 2]}, a[3] = {.31f, .2f, .93f}, U[3], R[3], lo[2] = {1e9f, 1e9f}, hi[2] = {-1e9f, -1e9f};
    norm3(D); cross3(a, D, U); norm3(U); cross3(D, U, R);
    for (int i = 0; i < nv; i++) {
      const float *p = pos + 3 * i;
      q[3 * i] = dot3(U, p); q[3 * i + 1] = dot3(R, p); q[3 * i + 2] = dot3(D, p);
      for (int k = 0; k < 2; k++) { lo[k] = fminf(lo[k], q[3 * i + k]); hi[k] = fmaxf(hi[k], q[3 * i + k]); }
    }
    float sc = (S - 5) / fmaxf(hi[0] - lo[0], hi[1] - lo[1]);
    for (int i = 0; i < nv; i++) for (int k = 0; k < 2; k++) q[3 * i + k] = (q[3 * i + k] - lo[k]) * sc + 2;
    for (int i = 0; i < S * S; i++) z[i] = -1e9f;
    for (int i = 0; i < nt; i++) {
      const float *A = q + 3 * tri[3 * i], *B = q + 3 * tri[3 * i + 1], *C = q + 3 * tri[3 * i + 2];
      float e = (B[0] - A[0]) * (C[1] - A[1]) - (B[1] - A[1]) * (C[0] - A[0]);
      if (fabsf(e) < 1e-9f) continue;
      int X0 = (int)fminf(A[0], fminf(B[0], C[0])), X1 = (int)fmaxf(A[0], fmaxf(B[0], C[0])), Y0 = (int)fminf(A[1], fminf(B[1], C[1])), Y1 = (int)fmaxf(A[1], fmaxf(B[1], C[1]));
      for (int y = Y0; y <= Y1; y++)
        for (int x = X0; x <= X1; x++) {
          float px = x + .5f - A[0], py = y + .5f - A[1], w1 = (px * (C[1] - A[1]) - py * (C[0] - A[0])) / e, w2 = (py * (B[0] - A[0]) - px * (B[1] - A[1])) / e;
          if (w1 < -1e-4f || w2 < -1e-4f || w1 + w2 > 1.0001f) continue;
          float zz = (1 - w1 - w2) * A[2] + w1 * B[2] + w2 * C[2];
          if (zz > z[y * S + x]) z[y * S + x] = zz;
        }
    }
    for (int i = 0; i < nv; i++) {
      float c = dot3(nrm + 3 * i, D);
      if (c <= 0) continue;
      wsum[i] += c;
      float off = 1.5f / sc, x = q[3 * i] + dot3(nrm + 3 * i, U) * off * sc, y = q[3 * i + 1] + dot3(nrm + 3 * i, R) * off * sc;
      int xi = (int)clampf(x, 1, S - 2), yi = (int)clampf(y, 1, S - 2), open = 0;
      float zi = q[3 * i + 2] + 2.2f / sc;
      for (int v = -1; v <= 1; v++) for (int u = -1; u <= 1; u++) open += z[(yi + v) * S + xi + u] < zi;
      out[i] += c * open / 9;
    }
  }
  for (int i = 0; i < nv; i++) out[i] = wsum[i] > 0 ? out[i] / wsum[i] : 1;
  free(z); free(q); free(wsum);
}

/* Strands (n of k+1 points, in the head's frame) to ribbons that face the camera at `eye`, after the rigid motion M (3x4).
   par per strand: half width, random, depth; the last point is the tip. Vertices: two per point. */
void ribbons(int n, int k, const float *pts, const float *nrm, const float *par, const float *M, const float *eye, float widen, float *pos, float *on, float *ot, float *aux) {
  for (int i = 0; i < n; i++) {
    float P[64][3], N[3];
    for (int j = 0; j <= k; j++) {
      const float *p = pts + 3 * ((size_t)i * (k + 1) + j);
      for (int c = 0; c < 3; c++) P[j][c] = dot3(M + 4 * c, p) + M[4 * c + 3];
    }
    for (int j = 0; j <= k; j++) {
      const float *a = P[j ? j - 1 : 0], *b = P[j < k ? j + 1 : k], *m = nrm + 3 * ((size_t)i * (k + 1) + j);
      float T[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]}, V[3] = {eye[0] - P[j][0], eye[1] - P[j][1], eye[2] - P[j][2]}, S[3];
      norm3(T);
      cross3(T, V, S);
      norm3(S);
      float t = (float)j / k, w = par[3 * i] * widen * (t < .15f ? .7f + 2 * t : 1 - .85f * smooth(.55f, 1.f, t));
      for (int c = 0; c < 3; c++) N[c] = dot3(M + 4 * c, m);
      for (int s = 0; s < 2; s++) {
        size_t o = ((size_t)i * (k + 1) + j) * 2 + s;
        for (int c = 0; c < 3; c++) { pos[3 * o + c] = P[j][c] + (s ? w : -w) * S[c]; on[3 * o + c] = N[c]; ot[3 * o + c] = T[c]; }
        aux[4 * o] = par[3 * i + 2]; aux[4 * o + 1] = t; aux[4 * o + 2] = par[3 * i + 1]; aux[4 * o + 3] = s;
      }
    }
  }
}

/* How much people, as balls (x y z r), darken the surroundings' ambient light at points p with normals n. */
void contact(int n, const float *p, const float *nrm, int nb, const float *b, float *o) {
  for (int i = 0; i < n; i++) {
    float k = 1;
    for (int j = 0; j < nb; j++) {
      float d[3] = {b[4 * j] - p[3 * i], b[4 * j + 1] - p[3 * i + 1], b[4 * j + 2] - p[3 * i + 2]}, r = b[4 * j + 3], l2 = dot3(d, d);
      if (l2 > 4) continue;
      float l = sqrtf(l2), c = dot3(d, nrm + 3 * i) / (l + 1e-4f), s = r * r / fmaxf(l2, r * r);
      k *= 1 - .85f * s * clampf(.15f + .85f * c, 0, 1);
    }
    o[i] = k;
  }
}
float lit(const View *v, const float *sm, const float *p, float bias, float turn);
/* The key light's lit fraction at points of the surroundings, from the people's shadow map. */
void cast_on(int n, const View *v, const float *sm, const float *p, const float *nrm, float *o) {
  for (int i = 0; i < n; i++) {
    float q[3] = {p[3 * i] + nrm[3 * i] * .01f, p[3 * i + 1] + nrm[3 * i + 1] * .01f, p[3 * i + 2] + nrm[3 * i + 2] * .01f};
    o[i] = lit(v, sm, q, .01f, 6.2832f * rnd3(i, i >> 7, 3));
  }
}
