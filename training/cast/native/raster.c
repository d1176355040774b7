/* Visibility: which triangle each sample of each pixel sees, and the depth map of the key light. */
#include "cast.h"

static const float OX[SAMPLES] = {.375f, .875f, .125f, .625f}, OY[SAMPLES] = {.125f, .375f, .625f, .875f};

void to_screen(const View *v, const float *p, float *o) {
  float d[3] = {p[0] - v->eye[0], p[1] - v->eye[1], p[2] - v->eye[2]};
  float z = dot3(v->rot + 6, d);
  float iz = z > .05f ? 1.f / z : 0;
  o[0] = v->cx + v->f * dot3(v->rot, d) * iz;
  o[1] = v->cy - v->f * dot3(v->rot + 3, d) * iz;
  o[2] = iz;
}

/* Draws mesh number `m` into the samples: `zb` holds 1/z (bigger is nearer), `id` triangle + 1, `mb` the mesh. */
void visible(const View *v, const Mesh *mesh, int m, float *scr, float *zb, uint32_t *id, uint8_t *mb) {
  for (int i = 0; i < mesh->nv; i++) to_screen(v, mesh->pos + 3 * i, scr + 3 * i);
  int W = v->w, H = v->h;
  for (int i = 0; i < mesh->nt; i++) {
    const int *t = mesh->tri + 3 * i;
    const float *A = scr + 3 * t[0], *B = scr + 3 * t[1], *C = scr + 3 * t[2];
    if (A[2] <= 0 || B[2] <= 0 || C[2] <= 0) continue;
    float d = (B[0] - A[0]) * (C[1] - A[1]) - (B[1] - A[1]) * (C[0] - A[0]);
    if (fabsf(d) < 1e-9f) continue;
    float x0 = fminf(A[0], fminf(B[0], C[0])), x1 = fmaxf(A[0], fmaxf(B[0], C[0]));
    float y0 = fminf(A[1], fminf(B[1], C[1])), y1 = fmaxf(A[1], fmaxf(B[1], C[1]));
    if (x1 < 0 || y1 < 0 || x0 >= W || y0 >= H) continue;
    int X0 = x0 < 0 ? 0 : (int)x0, X1 = x1 > W - 1 ? W - 1 : (int)x1, Y0 = y0 < 0 ? 0 : (int)y0, Y1 = y1 > H - 1 ? H - 1 : (int)y1;
    float q = 1.f / d;
    float ax = (C[1] - A[1]) * q, ay = -(C[0] - A[0]) * q, bx = -(B[1] - A[1]) * q, by = (B[0] - A[0]) * q;
    for (int y = Y0; y <= Y1; y++)
      for (int x = X0; x <= X1; x++)
        for (int s = 0; s < SAMPLES; s++) {
          float px = x + OX[s] - A[0], py = y + OY[s] - A[1];
          float w1 = px * ax + py * ay, w2 = px * bx + py * by, w0 = 1 - w1 - w2;
          if (w0 < 0 || w1 < 0 || w2 < 0) continue;
          float z = w0 * A[2] + w1 * B[2] + w2 * C[2];
          int p = (y * W + x) * SAMPLES + s;
          if (z > zb[p]) { zb[p] = z; id[p] = i + 1; mb[p] = m; }
        }
  }
}

/* Adds a mesh to the key light's depth map `sm` (ss*ss, bigger is nearer to the light). */
void cast_shadow(const View *v, const Mesh *mesh, float *scr, float *sm) {
  int S = v->ss;
  for (int i = 0; i < mesh->nv; i++) {
    const float *p = mesh->pos + 3 * i;
    for (int k = 0; k < 2; k++) scr[3 * i + k] = (dot3(v->srot + 3 * k, p) - v->slo[k]) * v->sscale;
    scr[3 * i + 2] = dot3(v->srot + 6, p);
  }
  for (int i = 0; i < mesh->nt; i += mesh->shadow) {
    const int *t = mesh->tri + 3 * i;
    const float *A = scr + 3 * t[0], *B = scr + 3 * t[1], *C = scr + 3 * t[2];
    float d = (B[0] - A[0]) * (C[1] - A[1]) - (B[1] - A[1]) * (C[0] - A[0]);
    if (fabsf(d) < 1e-9f) continue;
    float x0 = fminf(A[0], fminf(B[0], C[0])), x1 = fmaxf(A[0], fmaxf(B[0], C[0]));
    float y0 = fminf(A[1], fminf(B[1], C[1])), y1 = fmaxf(A[1], fmaxf(B[1], C[1]));
    if (x1 < 1 || y1 < 1 || x0 >= S - 1 || y0 >= S - 1) continue;
    int X0 = x0 < 0 ? 0 : (int)x0, X1 = x1 > S - 1 ? S - 1 : (int)x1, Y0 = y0 < 0 ? 0 : (int)y0, Y1 = y1 > S - 1 ? S - 1 : (int)y1;
    float q = 1.f / d;
    for (int y = Y0; y <= Y1; y++)
      for (int x = X0; x <= X1; x++) {
        float px = x + .5f - A[0], py = y + .5f - A[1];
        float w1 = (px * (C[1] - A[1]) - py * (C[0] - A[0])) * q, w2 = (py * (B[0] - A[0]) - px * (B[1] - A[1])) * q, w0 = 1 - w1 - w2;
        if (w0 < -1e-4f || w1 < -1e-4f || w2 < -1e-4f) continue;
        float z = w0 * A[2] + w1 * B[2] + w2 * C[2];
        if (z > sm[y * S + x]) sm[y * S + x] = z;
      }
  }
}

/* Lit fraction of point p: a 16-tap disc around its place in the map, turned by `turn` to trade banding for grain. */
float lit(const View *v, const float *sm, const float *p, float bias, float turn) {
  int S = v->ss;
  float x = (dot3(v->srot, p) - v->slo[0]) * v->sscale, y = (dot3(v->srot + 3, p) - v->slo[1]) * v->sscale, z = dot3(v->srot + 6, p) + bias;
  if (x < 1 || y < 1 || x > S - 2 || y > S - 2) return 1;
  float block = 0; int nb = 0;
  float ca = cosf(turn), sa = sinf(turn), search = v->keysize * .16f * v->sscale + 1.f;
  static const float DX[12] = {.2f, -.3f, .1f, -.55f, .6f, .35f, -.2f, .85f, -.8f, -.6f, .5f, 0}, DY[12] = {.1f, .25f, -.4f, -.2f, .3f, -.6f, .7f, -.2f, .45f, -.7f, .8f, -.95f};
  for (int i = 0; i < 12; i++) {
    int u = (int)clampf(x + (DX[i] * ca - DY[i] * sa) * search, 0, S - 1), w = (int)clampf(y + (DX[i] * sa + DY[i] * ca) * search, 0, S - 1);
    float d = sm[w * S + u] - z;
    if (d > 0) { block += d; nb++; }
  }
  if (!nb) return 1;
  float r = clampf(block / nb * v->keysize * v->sscale, 1.2f, 40.f), l = 0;
  for (int i = 0; i < 24; i++) {
    float a = 2.399963f * i, q = sqrtf((i + .5f) / 24) * r, dx = cosf(a) * q, dy = sinf(a) * q;
    int u = (int)clampf(x + dx * ca - dy * sa, 0, S - 1), w = (int)clampf(y + dx * sa + dy * ca, 0, S - 1);
    l += sm[w * S + u] <= z;
  }
  return l / 24;
}

/* Plain depth-tested interpolation of `na` attributes on a w*h grid (bigger z wins); for baking maps. */
void bake(int nt, const int *tri, const float *v, const float *a, int na, int w, int h, float *zb, float *out) {
  for (int i = 0; i < nt; i++) {
    const float *A = v + 3 * tri[3 * i], *B = v + 3 * tri[3 * i + 1], *C = v + 3 * tri[3 * i + 2];
    float d = (B[0] - A[0]) * (C[1] - A[1]) - (B[1] - A[1]) * (C[0] - A[0]);
    if (fabsf(d) < 1e-9f) continue;
    int X0 = (int)fmaxf(0, fminf(A[0], fminf(B[0], C[0]))), X1 = (int)fminf(w - 1, fmaxf(A[0], fmaxf(B[0], C[0])));
    int Y0 = (int)fmaxf(0, fminf(A[1], fminf(B[1], C[1]))), Y1 = (int)fminf(h - 1, fmaxf(A[1], fmaxf(B[1], C[1])));
    for (int y = Y0; y <= Y1; y++)
      for (int x = X0; x <= X1; x++) {
        float px = x + .5f - A[0], py = y + .5f - A[1];
        float w1 = (px * (C[1] - A[1]) - py * (C[0] - A[0])) / d, w2 = (py * (B[0] - A[0]) - px * (B[1] - A[1])) / d, w0 = 1 - w1 - w2;
        if (w0 < -1e-4f || w1 < -1e-4f || w2 < -1e-4f) continue;
        float z = w0 * A[2] + w1 * B[2] + w2 * C[2];
        int p = y * w + x;
        if (z <= zb[p]) continue;
        zb[p] = z;
        for (int k = 0; k < na; k++) out[p * na + k] = w0 * a[tri[3 * i] * na + k] + w1 * a[tri[3 * i + 1] * na + k] + w2 * a[tri[3 * i + 2] * na + k];
      }
  }
}
