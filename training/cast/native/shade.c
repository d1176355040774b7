/* Shading of what is visible: skin, eyes, cloth and hair, one evaluation per pixel and triangle. */
#include "cast.h"

void to_screen(const View *v, const float *p, float *o);
float lit(const View *v, const float *sm, const float *p, float bias, float turn);
void visible(const View *v, const Mesh *mesh, int m, float *scr, float *zb, uint32_t *id, uint8_t *mb);
void cast_shadow(const View *v, const Mesh *mesh, float *scr, float *sm);

static float SRGB[256];
static void tables(void) {
  if (SRGB[255] > 0) return;
  for (int i = 0; i < 256; i++) SRGB[i] = powf(i / 255.f, 2.2f);
}

static void texel(const uint8_t *t, int w, float u, float v, int gamma, float *o) {
  float x = u * w - .5f, y = v * w - .5f, fx = floorf(x), fy = floorf(y);
  int i = (int)fx, j = (int)fy;
  x -= fx; y -= fy;
  int y0 = j < 0 ? 0 : j > w - 1 ? w - 1 : j, y1 = j + 1 < 0 ? 0 : j + 1 > w - 1 ? w - 1 : j + 1, x0 = i & (w - 1), x1 = (i + 1) & (w - 1);
  const uint8_t *a = t + 4 * (y0 * w + x0), *b = t + 4 * (y0 * w + x1), *c = t + 4 * (y1 * w + x0), *d = t + 4 * (y1 * w + x1);
  for (int k = 0; k < 4; k++)
    o[k] = gamma && k < 3 ? mixf(mixf(SRGB[a[k]], SRGB[b[k]], x), mixf(SRGB[c[k]], SRGB[d[k]], x), y)
                          : mixf(mixf(a[k], b[k], x), mixf(c[k], d[k], x), y) / 255.f;
}
static void texture(const uint8_t *t, int w, float u, float v, float lod, int gamma, float *o) {
  int l = 0;
  lod = lod < 0 ? 0 : lod;
  while (lod >= 1 && w > 8) { t += 4 * w * w; w >>= 1; lod -= 1; l++; }
  texel(t, w, u, v, gamma, o);
  if (w > 8 && lod > .02f) {
    float q[4];
    texel(t + 4 * w * w, w >> 1, u, v, gamma, q);
    for (int k = 0; k < 4; k++) o[k] = mixf(o[k], q[k], lod);
  }
}
static int chain(int w) { int s = 0; for (; w >= 8; w >>= 1) s += 4 * w * w; return s; }

typedef struct { float P[3], N[3], V[3], aux[4], T[3]; float lit; } Point;

static float ggx(float nh, float a) { float a2 = a * a, d = nh * nh * (a2 - 1) + 1; return a2 / (3.14159f * d * d); }

static void light(const View *v, const Point *p, const float *alb, float scatter, float rough, float spec, float ao, float *o) {
  float nl = dot3(p->N, v->key), E[3], R[3], er[3], h[3];
  shade_sh(v->sh, p->N, E);
  float nv = fmaxf(dot3(p->N, p->V), .02f);
  for (int k = 0; k < 3; k++) { R[k] = 2 * nv * p->N[k] - p->V[k]; h[k] = v->key[k] + p->V[k]; }
  norm3(h);
  shade_sh(v->sh, R, er);
  float nh = fmaxf(dot3(p->N, h), 0), vh = fmaxf(dot3(p->V, h), 0), F = .028f + .972f * powf(1 - vh, 5), FA = .028f + .35f * powf(1 - nv, 5);
  float nlc = fmaxf(nl, 0), vis = .25f / (mixf(nlc, 1, rough * .5f) * mixf(nv, 1, rough * .5f) + .02f);
  float s = (.6f * ggx(nh, rough * rough) + .4f * ggx(nh, rough * rough * 2.2f > 1 ? 1 : rough * rough * 2.2f)) * F * vis * spec * nlc * p->lit;
  static const float W[3] = {.24f, .14f, .10f}, G[3] = {.80f, .97f, 1.02f}, A[3] = {.85f, 1.f, 1.05f};
  for (int k = 0; k < 3; k++) {
    float w = W[k] * scatter, d = fmaxf((nl + w) / ((1 + w) * (1 + w)), 0);
    float l = scatter > 0 ? powf(p->lit, G[k]) : p->lit, a = scatter > 0 ? powf(ao, A[k]) : ao;
    o[k] = alb[k] * (v->keyrgb[k] * d * l + E[k] * a) + v->keyrgb[k] * s * 3.14159f * .5f + er[k] * FA * spec * ao * (1 - rough) * 1.3f;
  }
}

static void eye(const View *v, const Mesh *m, Point *p, float *o) {
  const float *par = m->par;
  float lx = p->aux[1], ly = p->aux[2], lz = p->aux[3];
  float r = lz > 0 ? sqrtf(lx * lx + ly * ly) / sqrtf(lx * lx + ly * ly + lz * lz) : 1.f;
  float R0 = par[3], pu = par[4], a = atan2f(ly, lx);
  float iris = smooth(R0 + .03f, R0 - .03f, r), pup = smooth(pu + .03f, pu - .02f, r);
  float st = .65f + .7f * noise3(a * 6 + 40, r * 7, par[5]) * noise3(a * 14 + 20, r * 3, par[5] + 3) * 1.6f;
  float vein = smooth(.62f, .8f, fbm(lx * 9 + 11, ly * 26 + 5, par[5], 3)) * smooth(R0, 1.f, r);
  float al[3], q = smooth(pu, R0, r), limb = 1 - .72f * smooth(R0 * .72f, R0, r);
  for (int k = 0; k < 3; k++) {
    float white = par[6 + k] * (1 - vein * (k ? .25f : .06f)) * (1 - .3f * smooth(.6f, 1.f, r) * (k ? 1 : .6f));
    float ir = par[k] * st * limb * (1.25f - .45f * q);
    al[k] = mixf(white, ir, iris) * (1 - .975f * pup);
  }
  float ao = p->aux[0];
  light(v, p, al, .25f, .5f, .15f, ao, o);
  float nv = dot3(p->N, p->V), R[3];
  for (int k = 0; k < 3; k++) R[k] = 2 * nv * p->N[k] - p->V[k];
  float wk = smooth(v->windowcos, v->windowcos + .02f, dot3(R, v->window)), kk = smooth(.985f, .997f, dot3(R, v->key)) * p->lit;
  float F = .03f + .5f * powf(1 - clampf(nv, 0, 1), 5), e[3];
  shade_sh(v->sh, R, e);
  for (int k = 0; k < 3; k++) o[k] += (wk * v->windowrgb[k] * .06f + kk * v->keyrgb[k] * .35f + e[k] * F) * clampf(ao * 1.6f - .25f, 0, 1);
}

static void cloth(const View *v, const Mesh *m, Point *p, float *o) {
  const float *c = m->par;
  float x = p->aux[1], y = p->aux[2], z = p->aux[3], al[3];
  float t = 0;
  int kind = (int)c[6];
  float ang = atan2f(x, z + .0f);
  if (kind == 1) t = smooth(.42f, .5f, fabsf(fmodf(fabsf(y) * c[7], 1.f) - .5f) * 1.0f + .0f) ;               /* stripes */
  if (kind == 2) { float a = fabsf(fmodf(fabsf(y + 20) * c[7], 1.f) - .5f) > .36f, b = fabsf(fmodf(fabsf(ang + 9) * c[7] * 1.1f, 1.f) - .5f) > .36f; t = .5f * (a + b); } /* check */
  if (kind == 3) t = (fabsf(x) < .3f + .08f * (y - 4) && z > .2f) ? smooth(.0f, .02f, .3f + .08f * (y - 4) - fabsf(x)) : 0; /* open jacket: shirt seen in the middle */
  if (kind == 4) t = y > c[7] ? 1 : 0;                                                                         /* yoke */
  float knit = noise3(ang * 55, y * 60, 2) * .16f + fbm(x * 9, y * 9, z * 9, 3) * .12f;
  float fold = fbm(x * 1.6f + 3, y * 1.1f, z * 1.6f, 3), fx = fbm(x * 1.6f + 3.12f, y * 1.1f, z * 1.6f, 3) - fold, fy = fbm(x * 1.6f + 3, y * 1.1f + .12f, z * 1.6f, 3) - fold;
  float r[3] = {v->rot[0], v->rot[1], v->rot[2]};
  for (int k = 0; k < 3; k++) p->N[k] -= c[8] * (fx * r[k] * 2.2f + fy * (k == 1) * 2.2f);
  norm3(p->N);
  float seam = 1;
  if (c[9] > 0 && z > .3f) seam = 1 - .55f * smooth(.035f, .012f, fabsf(x)) ;
  for (int k = 0; k < 3; k++) al[k] = mixf(c[k], c[3 + k], t) * (.86f + knit) * seam;
  light(v, p, al, 0, .75f, .35f, p->aux[0], o);
  float rim = powf(1 - fmaxf(dot3(p->N, p->V), 0), 3) * .35f, E[3];
  shade_sh(v->sh, p->N, E);
  for (int k = 0; k < 3; k++) o[k] += al[k] * rim * E[k];
}

/* Kajiya-Kay with two lobes, over a diffuse term from the normal of the hair's volume. */
static void hair(const View *v, const Mesh *m, Point *p, float *o) {
  const float *c = m->par;
  float depth = p->aux[0], t = p->aux[1], rnd = p->aux[2], T[3], h[3], E[3];
  memcpy(T, p->T, 12);
  norm3(T);
  float root = mixf(.45f, 1.f, smooth(0, .35f, t)) * mixf(.55f, 1.f, depth);
  float nl = dot3(p->N, v->key), tl = dot3(T, v->key), sl = sqrtf(fmaxf(0, 1 - tl * tl));
  float dif = sl * clampf(.25f + .75f * nl, 0, 1) * p->lit;
  for (int k = 0; k < 3; k++) h[k] = v->key[k] + p->V[k];
  norm3(h);
  float th = dot3(T, h), s1, s2, f = smooth(-.2f, .35f, nl) * p->lit;
  float a = th + .06f + (rnd - .5f) * .1f, b = th - .10f + (rnd - .5f) * .16f;
  s1 = powf(fmaxf(0, 1 - a * a), 60) * f;
  s2 = powf(fmaxf(0, 1 - b * b), 14) * f;
  float up[3] = {p->N[0], p->N[1], p->N[2]};
  shade_sh(v->sh, up, E);
  /* the ambient light glints too: a broad highlight where the strand runs across the brightest direction */
  float L[3] = {v->sh[3 * 3] + v->sh[3 * 3 + 1], v->sh[3] + v->sh[4], v->sh[6] + v->sh[7]}, ta, g;
  norm3(L);
  for (int k = 0; k < 3; k++) h[k] = L[k] + p->V[k];
  norm3(h);
  ta = dot3(T, h) + (rnd - .5f) * .12f;
  g = powf(fmaxf(0, 1 - ta * ta), 26) * smooth(0, .8f, dot3(p->N, L));
  float tint = .72f + .56f * rnd;
  for (int k = 0; k < 3; k++) {
    float al = c[k] * tint * root;
    o[k] = al * (v->keyrgb[k] * dif + E[k] * 1.05f) + v->keyrgb[k] * root * (s1 * c[3] + s2 * c[4] * (c[k] * 2.2f + .01f)) + E[k] * root * g * (c[3] * .8f + c[4] * .7f * c[k]);
  }
}

static void shade(const View *v, const float *sm, const Mesh *m, int tri, const float *scr, float sx, float sy, float *o) {
  const int *t = m->tri + 3 * tri;
  const float *A = scr + 3 * t[0], *B = scr + 3 * t[1], *C = scr + 3 * t[2];
  float d = (B[0] - A[0]) * (C[1] - A[1]) - (B[1] - A[1]) * (C[0] - A[0]);
  float w1 = ((sx - A[0]) * (C[1] - A[1]) - (sy - A[1]) * (C[0] - A[0])) / d, w2 = ((B[0] - A[0]) * (sy - A[1]) - (B[1] - A[1]) * (sx - A[0])) / d;
  w1 = clampf(w1, 0, 1); w2 = clampf(w2, 0, 1 - w1);
  float w[3] = {(1 - w1 - w2) * A[2], w1 * B[2], w2 * C[2]}, iw = 1.f / (w[0] + w[1] + w[2]);
  Point p;
  memset(&p, 0, sizeof p);
  for (int i = 0; i < 3; i++) {
    w[i] *= iw;
    for (int k = 0; k < 3; k++) { p.P[k] += w[i] * m->pos[3 * t[i] + k]; p.N[k] += w[i] * m->nrm[3 * t[i] + k]; }
    for (int k = 0; k < 4; k++) p.aux[k] += w[i] * m->aux[4 * t[i] + k];
    if (m->tan) for (int k = 0; k < 3; k++) p.T[k] += w[i] * m->tan[3 * t[i] + k];
  }
  norm3(p.N);
  for (int k = 0; k < 3; k++) p.V[k] = v->eye[k] - p.P[k];
  norm3(p.V);
  float q[3] = {p.P[0], p.P[1], p.P[2]};
  for (int k = 0; k < 3; k++) q[k] += p.N[k] * .004f;
  float turn = 6.2832f * rnd3((int)sx, (int)sy, 7);
  p.lit = v->keyrgb[0] + v->keyrgb[1] > 0 ? lit(v, sm, q, m->mat == HAIR ? .012f : m->mat == EYE ? .012f : .004f, turn) : 1;
  if (m->mat == HAIR) { hair(v, m, &p, o); return; }
  if (dot3(p.N, p.V) < 0 && m->mat != SKIN) for (int k = 0; k < 3; k++) p.N[k] = -p.N[k];
  if (m->mat == EYE) { eye(v, m, &p, o); return; }
  if (m->mat == CLOTH) { cloth(v, m, &p, o); return; }
  if (m->mat == PLAIN) { light(v, &p, m->par, m->par[5], m->par[3], m->par[4], p.aux[0], o); return; }
  const float *U = m->uv + 6 * tri;
  float u = w[0] * U[0] + w[1] * U[2] + w[2] * U[4], y = w[0] * U[1] + w[1] * U[3] + w[2] * U[5];
  float ua = fabsf((U[2] - U[0]) * (U[5] - U[1]) - (U[3] - U[1]) * (U[4] - U[0])) * m->tw * m->tw;
  float lod = .5f * log2f(ua / (fabsf(d) + 1e-6f) + 1e-6f), al[4], de[4], dx[4], dy[4];
  const uint8_t *det = m->tex + chain(m->tw);
  lod = clampf(lod - .3f, 0, 6);
  texture(m->tex, m->tw, u, y, lod, 1, al);
  texture(det, m->tw, u, y, lod, 0, de);
  float e = exp2f(lod) / m->tw;
  texture(det, m->tw, u + e, y, lod, 0, dx);
  texture(det, m->tw, u, y + e, lod, 0, dy);
  /* tangent frame of a map around the vertical axis */
  float T[3], Bt[3], ex[3] = {0, 1, 0};
  cross3(ex, p.N, T); norm3(T);
  cross3(p.N, T, Bt);
  float s = m->par[0] / e * .001f, gu = clampf((dx[0] - de[0]) * s, -.5f, .5f), gv = clampf((dy[0] - de[0]) * s, -.5f, .5f);
  for (int k = 0; k < 3; k++) p.N[k] -= T[k] * gu + Bt[k] * gv;
  norm3(p.N);
  float hairy = al[3];
  light(v, &p, al, 1 - hairy * .9f, mixf(.62f, .38f, de[2]), (m->par[1] * 2 * de[1] + de[2] * 1.4f) * (1 - .7f * hairy), p.aux[0], o);
}

/* Draws all meshes over the lit background `rgb` (w*h*3, linear) with depth `bgz` (1/z per pixel); mesh i is lit by views[of[i]]. */
void draw(const View *views, const int *of, const Mesh *ms, int n, const float *sm, const float *bgz, float *rgb, float *zb, uint32_t *id, uint8_t *mb, float *scr) {
  tables();
  const View *v = views;
  int W = v->w, H = v->h;
  memset(id, 0, sizeof(uint32_t) * W * H * SAMPLES);
  for (int i = 0; i < W * H; i++) for (int s = 0; s < SAMPLES; s++) zb[i * SAMPLES + s] = bgz[i];
  size_t off[256], o = 0;
  for (int i = 0; i < n; i++) { off[i] = o; visible(v, ms + i, i, scr + o, zb, id, mb); o += 3 * (size_t)ms[i].nv; }
  static const float OX[SAMPLES] = {.375f, .875f, .125f, .625f}, OY[SAMPLES] = {.125f, .375f, .625f, .875f};
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++) {
      int p = (y * W + x) * SAMPLES;
      if (!(id[p] | id[p + 1] | id[p + 2] | id[p + 3])) continue;
      float c[3] = {0, 0, 0}, q[3];
      unsigned done = 0;
      for (int s = 0; s < SAMPLES; s++) {
        if (done >> s & 1) continue;
        if (!id[p + s]) { for (int k = 0; k < 3; k++) c[k] += fminf(rgb[(p / SAMPLES) * 3 + k], 2.f); continue; }
        float sx = 0, sy = 0; int k2 = 0, m = mb[p + s];
        for (int r = s; r < SAMPLES; r++) if (id[p + r] == id[p + s] && mb[p + r] == m) { sx += OX[r]; sy += OY[r]; k2++; done |= 1u << r; }
        shade(views + of[m], sm, ms + m, id[p + s] - 1, scr + off[m], x + sx / k2, y + sy / k2, q);
        for (int k = 0; k < 3; k++) c[k] += k2 * fminf(q[k], 2.f);
      }
      for (int k = 0; k < 3; k++) rgb[(p / SAMPLES) * 3 + k] = c[k] / SAMPLES;
    }
}

void shadow_map(const View *v, const Mesh *ms, int n, float *sm, float *scr) {
  for (int i = 0; i < v->ss * v->ss; i++) sm[i] = -1e9f;
  for (int i = 0; i < n; i++) if (ms[i].shadow) cast_shadow(v, ms + i, scr, sm);
}
