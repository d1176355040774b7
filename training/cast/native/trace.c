/* Rooms and streets: a small path tracer over boxes, cylinders, spheres and triangles, run once per camera.

   Lights are rectangles (also seen), a sky and a sun. Light that reaches the first surface straight from a "key" light
   is kept apart from all other light, so that the people's shadows can be laid over it afterwards. */
#include "cast.h"

enum { BOX = 0, SPHERE = 1, CYL = 2, TRI = 3 };
typedef struct { int kind, mat; float c[3], h[3], ca, sa, v[9]; } Prim; /* v: corners of a triangle */
typedef struct { int tex; float a[3], b[3], scale, coat, rough, emit, key, glass; } Mat;
typedef struct { float c[3], u[3], v[3], rgb[3]; int key; } Rect;
typedef struct { int np, nm, nl; const Prim *p; const Mat *m; const Rect *l; float sky[3], horizon[3], ground[3], sun[3], sunrgb[3], sunsize; int outdoors; } World;
typedef struct { float lo[3], hi[3]; int left, n, first; } Node;
typedef struct { float t, n[3], p[3], q[3]; int mat; float emit[3]; int key; } Hit;

static Node *nodes; static int *order, nnodes; static const World *W;

static uint32_t seed_;
static float rnd(void) { seed_ = seed_ * 747796405u + 2891336453u; uint32_t w = ((seed_ >> ((seed_ >> 28) + 4)) ^ seed_) * 277803737u; return ((w >> 22 ^ w) >> 8) * (1.f / 16777216.f); }

static void bounds(const Prim *p, float *lo, float *hi) {
  if (p->kind == TRI) { for (int k = 0; k < 3; k++) { lo[k] = fminf(p->v[k], fminf(p->v[3 + k], p->v[6 + k])); hi[k] = fmaxf(p->v[k], fmaxf(p->v[3 + k], p->v[6 + k])); } return; }
  float x = p->h[0], z = p->h[2];
  if (p->kind == BOX) { float c = fabsf(p->ca), s = fabsf(p->sa); x = p->h[0] * c + p->h[2] * s; z = p->h[0] * s + p->h[2] * c; }
  if (p->kind == CYL) z = x;
  if (p->kind == SPHERE) { lo[1] = p->c[1] - p->h[1]; hi[1] = p->c[1] + p->h[1]; }
  lo[0] = p->c[0] - x; hi[0] = p->c[0] + x; lo[1] = p->c[1] - p->h[1]; hi[1] = p->c[1] + p->h[1]; lo[2] = p->c[2] - z; hi[2] = p->c[2] + z;
}
static int build(int first, int n) {
  int me = nnodes++;
  Node *b = nodes + me;
  float lo[3], hi[3];
  for (int k = 0; k < 3; k++) { b->lo[k] = 1e9f; b->hi[k] = -1e9f; }
  for (int i = first; i < first + n; i++) { bounds(W->p + order[i], lo, hi); for (int k = 0; k < 3; k++) { b->lo[k] = fminf(b->lo[k], lo[k] - 1e-4f); b->hi[k] = fmaxf(b->hi[k], hi[k] + 1e-4f); } }
  b->first = first; b->n = n; b->left = 0;
  if (n <= 2) return me;
  int ax = 0;
  for (int k = 1; k < 3; k++) if (b->hi[k] - b->lo[k] > b->hi[ax] - b->lo[ax]) ax = k;
  for (int i = first + 1; i < first + n; i++) { /* insertion sort by centre */
    int o = order[i], j = i;
    bounds(W->p + o, lo, hi); float c = lo[ax] + hi[ax];
    while (j > first) { float l2[3], h2[3]; bounds(W->p + order[j - 1], l2, h2); if (l2[ax] + h2[ax] <= c) break; order[j] = order[j - 1]; j--; }
    order[j] = o;
  }
  int l = build(first, n / 2), r = build(first + n / 2, n - n / 2);
  nodes[me].left = l; nodes[me].n = 0; nodes[me].first = r;
  return me;
}
void world_build(const World *w) {
  W = w; free(nodes); free(order);
  nodes = malloc(sizeof(Node) * (2 * w->np + 1)); order = malloc(sizeof(int) * (w->np + 1)); nnodes = 0;
  for (int i = 0; i < w->np; i++) order[i] = i;
  build(0, w->np);
}

static int prim_hit(const Prim *p, const float *o, const float *d, Hit *h) {
  float x[3] = {o[0] - p->c[0], o[1] - p->c[1], o[2] - p->c[2]}, D[3] = {d[0], d[1], d[2]};
  if (p->kind == TRI) {
    float e1[3], e2[3], pv[3], tv[3], qv[3];
    for (int k = 0; k < 3; k++) { e1[k] = p->v[3 + k] - p->v[k]; e2[k] = p->v[6 + k] - p->v[k]; tv[k] = o[k] - p->v[k]; }
    cross3(d, e2, pv); float det = dot3(e1, pv); if (fabsf(det) < 1e-12f) return 0;
    float u = dot3(tv, pv) / det; if (u < 0 || u > 1) return 0;
    cross3(tv, e1, qv); float v = dot3(d, qv) / det; if (v < 0 || u + v > 1) return 0;
    float t = dot3(e2, qv) / det; if (t < 1e-4f || t >= h->t) return 0;
    h->t = t; cross3(e1, e2, h->n); norm3(h->n); h->mat = p->mat; h->q[0] = u; h->q[1] = v; h->q[2] = 0; return 1;
  }
  if (p->kind == BOX) {
    float rx = x[0] * p->ca - x[2] * p->sa, rz = x[0] * p->sa + x[2] * p->ca; x[0] = rx; x[2] = rz;
    rx = D[0] * p->ca - D[2] * p->sa; rz = D[0] * p->sa + D[2] * p->ca; D[0] = rx; D[2] = rz;
    float t0 = -1e9f, t1 = 1e9f; int a0 = 0, a1 = 0;
    for (int k = 0; k < 3; k++) {
      float i = 1.f / (fabsf(D[k]) < 1e-9f ? 1e-9f : D[k]), n = (-p->h[k] - x[k]) * i, f = (p->h[k] - x[k]) * i;
      if (n > f) { float s = n; n = f; f = s; }
      if (n > t0) { t0 = n; a0 = k; }
      if (f < t1) { t1 = f; a1 = k; }
    }
    if (t0 > t1 || t1 < 1e-4f) return 0;
    float t = t0 > 1e-4f ? t0 : t1; int a = t0 > 1e-4f ? a0 : a1;
    if (t >= h->t) return 0;
    float n[3] = {0, 0, 0}; n[a] = (x[a] + D[a] * t) > 0 ? 1 : -1;
    for (int k = 0; k < 3; k++) h->q[k] = x[k] + D[k] * t;
    h->t = t; h->n[0] = n[0] * p->ca + n[2] * p->sa; h->n[1] = n[1]; h->n[2] = -n[0] * p->sa + n[2] * p->ca; h->mat = p->mat; return 1;
  }
  if (p->kind == SPHERE) { /* an ellipsoid */
    for (int k = 0; k < 3; k++) { x[k] /= p->h[k]; D[k] /= p->h[k]; }
    float a = dot3(D, D), b = dot3(x, D), c = dot3(x, x) - 1, q = b * b - a * c; if (q < 0) return 0;
    q = sqrtf(q); float t = (-b - q) / a; if (t < 1e-4f) t = (-b + q) / a;
    if (t < 1e-4f || t >= h->t) return 0;
    for (int k = 0; k < 3; k++) { h->q[k] = (x[k] + D[k] * t) * p->h[k]; h->n[k] = (x[k] + D[k] * t) / p->h[k]; }
    norm3(h->n); h->t = t; h->mat = p->mat; return 1;
  }
  float r = p->h[0], a = D[0] * D[0] + D[2] * D[2], b = x[0] * D[0] + x[2] * D[2], c = x[0] * x[0] + x[2] * x[2] - r * r, q = b * b - a * c;
  int hit = 0;
  if (q > 0 && a > 1e-12f) for (int s = -1; s <= 1; s += 2) {
    float t = (-b + s * sqrtf(q)) / a, y = x[1] + D[1] * t;
    if (t > 1e-4f && t < h->t && fabsf(y) < p->h[1]) { h->t = t; h->q[0] = x[0] + D[0] * t; h->q[1] = y; h->q[2] = x[2] + D[2] * t; h->n[0] = h->q[0] / r; h->n[1] = 0; h->n[2] = h->q[2] / r; h->mat = p->mat; hit = 1; break; }
  }
  for (int s = -1; s <= 1; s += 2) if (fabsf(D[1]) > 1e-9f) {
    float t = (s * p->h[1] - x[1]) / D[1], u = x[0] + D[0] * t, v = x[2] + D[2] * t;
    if (t > 1e-4f && t < h->t && u * u + v * v < r * r) { h->t = t; h->q[0] = u; h->q[1] = s * p->h[1]; h->q[2] = v; h->n[0] = h->n[2] = 0; h->n[1] = s; h->mat = p->mat; hit = 1; }
  }
  return hit;
}
static int cast_ray(const float *o, const float *d, float far, Hit *h, int shadow) {
  int stack[64], sp = 0, any = 0;
  float inv[3];
  for (int k = 0; k < 3; k++) inv[k] = 1.f / (fabsf(d[k]) < 1e-9f ? 1e-9f : d[k]);
  h->t = far; stack[sp++] = 0;
  while (sp) {
    const Node *b = nodes + stack[--sp];
    float t0 = 0, t1 = h->t;
    for (int k = 0; k < 3; k++) { float n = (b->lo[k] - o[k]) * inv[k], f = (b->hi[k] - o[k]) * inv[k]; t0 = fmaxf(t0, fminf(n, f)); t1 = fminf(t1, fmaxf(n, f)); }
    if (t0 > t1) continue;
    if (b->n) {
      for (int i = 0; i < b->n; i++) {
        const Prim *p = W->p + order[b->first + i];
        if (shadow && (W->m[p->mat].glass > 0 || W->m[p->mat].emit > 0)) continue;
        if (prim_hit(p, o, d, h)) { any = 1; if (shadow) return 1; }
      }
    } else { stack[sp++] = b->left; stack[sp++] = b->first; }
  }
  return any;
}

static void sky(const float *d, float *o) {
  float t = d[1] > 0 ? powf(d[1], .45f) : 0;
  float cl = d[1] > .02f ? smooth(.48f, .72f, fbm(d[0] / (d[1] + .12f) * 1.1f + 3, d[2] / (d[1] + .12f) * 1.1f, 1, 4)) * .6f : 0;
  for (int k = 0; k < 3; k++) { o[k] = d[1] > 0 ? mixf(W->horizon[k], W->sky[k], t) : W->ground[k]; o[k] = mixf(o[k], W->horizon[k] * 1.15f, cl); }
}

void surface_colour(const Mat *m, const float *p, const float *q, const float *n, float *o, float *bump);

static void onb(const float *n, float *t, float *b) { float a[3] = {fabsf(n[0]) < .9f, fabsf(n[0]) >= .9f, 0}; cross3(a, n, t); norm3(t); cross3(n, t, b); }

/* Light straight from the lights (or from `one` of them at random) at p with normal n, as irradiance/pi, in two parts: other and key. */
static void direct(const float *p, const float *n, int one, float *o, float *key) {
  Hit h;
  float q[3] = {p[0] + n[0] * 2e-4f, p[1] + n[1] * 2e-4f, p[2] + n[2] * 2e-4f};
  memset(o, 0, 12); memset(key, 0, 12);
  int only = one ? (int)(rnd() * W->nl) : -1;
  for (int i = 0; i < W->nl; i++) {
    if (one && i != only) continue;
    const Rect *l = W->l + i;
    float a = rnd() * 2 - 1, b = rnd() * 2 - 1, d[3], N[3];
    for (int k = 0; k < 3; k++) d[k] = l->c[k] + a * l->u[k] + b * l->v[k] - q[k];
    float r2 = dot3(d, d), r = sqrtf(r2);
    cross3(l->u, l->v, N); float area = 4 * sqrtf(dot3(N, N)); norm3(N);
    for (int k = 0; k < 3; k++) d[k] /= r;
    float c = dot3(n, d), e = -dot3(N, d);
    if (c <= 0 || e <= 0 || cast_ray(q, d, r * .999f, &h, 1)) continue;
    float w = c * e * area / (r2 + .04f) / 3.14159f * (one ? W->nl : 1);
    for (int k = 0; k < 3; k++) (l->key ? key : o)[k] += w * l->rgb[k];
  }
  if (W->sunrgb[0] > 0) {
    float t[3], b[3], d[3], a = rnd() * 6.2832f, r = sqrtf(rnd()) * W->sunsize;
    onb(W->sun, t, b);
    for (int k = 0; k < 3; k++) d[k] = W->sun[k] + r * (cosf(a) * t[k] + sinf(a) * b[k]);
    norm3(d);
    float c = dot3(n, d);
    if (c > 0 && !cast_ray(q, d, 1e5f, &h, 1)) for (int k = 0; k < 3; k++) key[k] += c * W->sunrgb[k];
  }
}

/* Radiance along a ray. spec: emitters count when met (camera or mirror path). first: filled for the denoiser. */
static void radiance(float *o, float *d, int depth, int spec, int withkey, float *out, float *first) {
  float thr[3] = {1, 1, 1};
  memset(out, 0, 12);
  for (int bounce = 0; bounce < depth; bounce++) {
    Hit h;
    if (!cast_ray(o, d, 1e5f, &h, 0)) { float s[3]; sky(d, s); for (int k = 0; k < 3; k++) out[k] += thr[k] * s[k]; return; }
    const Mat *m = W->m + h.mat;
    for (int k = 0; k < 3; k++) o[k] += d[k] * h.t;
    if (dot3(h.n, d) > 0) for (int k = 0; k < 3; k++) h.n[k] = -h.n[k];
    float al[3], bump[3];
    surface_colour(m, o, h.q, h.n, al, bump);
    if (m->emit > 0) { if (spec || m->key == 2) if (withkey || !m->key || m->key == 2) for (int k = 0; k < 3; k++) out[k] += thr[k] * al[k] * m->emit; return; }
    if (m->glass > 0) {
      float c = -dot3(h.n, d), F = m->glass * (.04f + .96f * powf(1 - c, 5));
      if (rnd() > F) { for (int k = 0; k < 3; k++) { o[k] += d[k] * 1e-3f; thr[k] *= al[k]; } continue; }
      for (int k = 0; k < 3; k++) d[k] += 2 * c * h.n[k];
      spec = 1;
      for (int k = 0; k < 3; k++) o[k] += h.n[k] * 1e-3f;
      continue;
    }
    float N[3] = {h.n[0] + bump[0], h.n[1] + bump[1], h.n[2] + bump[2]};
    norm3(N);
    float c = fmaxf(-dot3(N, d), 0), F = m->coat * (.05f + .95f * powf(1 - c, 5));
    if (m->coat > 1) F = m->coat - 1; /* metal-like share */
    if (rnd() < F) {
      float t[3], b[3], a = rnd() * 6.2832f, r = m->rough * sqrtf(rnd());
      onb(N, t, b);
      for (int k = 0; k < 3; k++) N[k] += r * (cosf(a) * t[k] + sinf(a) * b[k]);
      norm3(N); c = -dot3(N, d);
      for (int k = 0; k < 3; k++) { d[k] += 2 * c * N[k]; o[k] += h.n[k] * 3e-4f; if (m->coat > 1) thr[k] *= al[k]; }
      if (dot3(d, h.n) <= 0) return;
      norm3(d); spec = 1;
      if (first && bounce == 0) first[0] = 1;
      continue;
    }
    float dl[3], ke[3];
    direct(o, N, 1, dl, ke);
    for (int k = 0; k < 3; k++) { thr[k] *= al[k]; out[k] += thr[k] * (dl[k] + (withkey || bounce ? ke[k] : 0)); }
    if (bounce > 1) { float q = fmaxf(thr[0], fmaxf(thr[1], thr[2])); if (rnd() > q) return; for (int k = 0; k < 3; k++) thr[k] /= q; }
    float t[3], b[3], a = rnd() * 6.2832f, u = rnd(), r = sqrtf(u), z = sqrtf(1 - u);
    onb(N, t, b);
    for (int k = 0; k < 3; k++) { d[k] = t[k] * r * cosf(a) + b[k] * r * sinf(a) + N[k] * z; o[k] += h.n[k] * 3e-4f; }
    spec = 0;
  }
}

/* One camera picture: per pixel albedo, diffuse light (other), diffuse light (key), mirrored and emitted light, normal, 1/depth. */
void trace_view(const View *v, int spp, uint32_t seed, float *alb, float *dif, float *key, float *mir, float *nrm, float *iz) {
  for (int y = 0; y < v->h; y++)
    for (int x = 0; x < v->w; x++) {
      int p = y * v->w + x;
      seed_ = hash3(x, y, seed);
      float A[3] = {0}, D[3] = {0}, K[3] = {0}, M[3] = {0}, N[3] = {0}, Z = 0; int nd = 0;
      for (int s = 0; s < spp; s++) {
        float px = (x + rnd() - v->cx) / v->f, py = -(y + rnd() - v->cy) / v->f, d[3], o[3] = {v->eye[0], v->eye[1], v->eye[2]}, c[3];
        for (int k = 0; k < 3; k++) d[k] = v->rot[k] * px + v->rot[3 + k] * py + v->rot[6 + k];
        norm3(d);
        float cosf_ = dot3(d, v->rot + 6), t = 0, thr[3] = {1, 1, 1}; Hit h; int done = 0;
        for (int g = 0; g < 6 && !done; g++) {
          if (!cast_ray(o, d, 1e5f, &h, 0)) { sky(d, c); for (int k = 0; k < 3; k++) M[k] += thr[k] * c[k]; done = 1; break; }
          for (int k = 0; k < 3; k++) o[k] += d[k] * h.t;
          t += h.t;
          const Mat *m = W->m + h.mat;
          float al[3], bump[3];
          if (dot3(h.n, d) > 0) for (int k = 0; k < 3; k++) h.n[k] = -h.n[k];
          surface_colour(m, o, h.q, h.n, al, bump);
          if (m->emit > 0) { for (int k = 0; k < 3; k++) M[k] += thr[k] * al[k] * m->emit; Z = fmaxf(Z, 1.f / (t * cosf_)); done = 1; break; }
          float n[3] = {h.n[0] + bump[0], h.n[1] + bump[1], h.n[2] + bump[2]};
          norm3(n);
          float cc = fmaxf(-dot3(n, d), 0), fr = .04f + .96f * powf(1 - cc, 5), F = m->glass > 0 ? m->glass * fr : m->coat > 1 ? m->coat - 1 : m->coat * (fr + .01f);
          if (F > 1e-3f) { /* mirrored part, one path */
            float q[3], r[3], tt[3], bb[3], nn[3] = {n[0], n[1], n[2]}, a = rnd() * 6.2832f, ra = m->rough * sqrtf(rnd());
            onb(n, tt, bb);
            for (int k = 0; k < 3; k++) nn[k] += ra * (cosf(a) * tt[k] + sinf(a) * bb[k]);
            norm3(nn); float cn = -dot3(nn, d);
            for (int k = 0; k < 3; k++) { r[k] = d[k] + 2 * cn * nn[k]; q[k] = o[k] + h.n[k] * 1e-3f; }
            norm3(r);
            if (dot3(r, h.n) > 0) { radiance(q, r, 3, 1, 1, c, 0); for (int k = 0; k < 3; k++) M[k] += fminf(thr[k] * F * fminf(c[k], 8) * (m->coat > 1 ? al[k] : 1), 1.5f); }
          }
          if (m->glass > 0) { for (int k = 0; k < 3; k++) { thr[k] *= al[k] * (1 - F); o[k] += d[k] * 1e-3f; } continue; }
          float dl[3], ke[3], in[3], tt[3], bb[3], a = rnd() * 6.2832f, u = rnd(), rr = sqrtf(u), z = sqrtf(1 - u), q[3], r[3];
          direct(o, n, 0, dl, ke);
          onb(n, tt, bb);
          for (int k = 0; k < 3; k++) { r[k] = tt[k] * rr * cosf(a) + bb[k] * rr * sinf(a) + n[k] * z; q[k] = o[k] + h.n[k] * 3e-4f; }
          radiance(q, r, 4, 0, 1, in, 0);
          for (int k = 0; k < 3; k++) { A[k] += thr[k] * al[k] * (1 - fminf(F, 1)); D[k] += fminf(dl[k], 12) + fminf(in[k], 3); K[k] += ke[k]; N[k] += n[k]; }
          nd++; Z = fmaxf(Z, 1.f / (t * cosf_)); done = 1;
        }
      }
      for (int k = 0; k < 3; k++) { alb[3 * p + k] = A[k] / spp; dif[3 * p + k] = nd ? D[k] / nd : 0; key[3 * p + k] = nd ? K[k] / nd : 0; mir[3 * p + k] = M[k] / spp; nrm[3 * p + k] = nd ? N[k] / nd : 0; }
      iz[p] = Z;
    }
}

/* Radiance seen from a point along n directions, key lights left out (their direct part is added by the shader). */
void trace_probe(const float *at, int n, const float *dirs, int per, uint32_t seed, float *out) {
  for (int i = 0; i < n; i++) {
    float s[3] = {0};
    for (int j = 0; j < per; j++) {
      seed_ = hash3(i, j, seed);
      float o[3] = {at[0], at[1], at[2]}, d[3] = {dirs[3 * i], dirs[3 * i + 1], dirs[3 * i + 2]}, c[3];
      radiance(o, d, 4, 1, 0, c, 0);
      for (int k = 0; k < 3; k++) s[k] += fminf(c[k], 60);
    }
    for (int k = 0; k < 3; k++) out[3 * i + k] = s[k] / per;
  }
}

/* Edge-stopping a-trous filter over `img` guided by normals and 1/depth; five passes of growing stride. */
void denoise(int w, int h, float *img, const float *nrm, const float *iz, int passes, float sigma, float *tmp) {
  static const float K[3] = {.375f, .25f, .0625f};
  for (int p = 0; p < passes; p++) {
    int st = 1 << p;
    for (int y = 0; y < h; y++)
      for (int x = 0; x < w; x++) {
        int i = y * w + x; float s[3] = {0}, ws = 0;
        for (int v = -2; v <= 2; v++) for (int u = -2; u <= 2; u++) {
          int X = x + u * st, Y = y + v * st;
          if (X < 0 || Y < 0 || X >= w || Y >= h) continue;
          int j = Y * w + X;
          float dn = 1 - dot3(nrm + 3 * i, nrm + 3 * j), dz = fabsf(iz[i] - iz[j]) / (iz[i] * .05f * st * .4f + 1e-5f), dc = 0;
          for (int k = 0; k < 3; k++) dc += fabsf(img[3 * i + k] - img[3 * j + k]) / (img[3 * i + k] + img[3 * j + k] + .02f);
          float wt = K[abs(u)] * K[abs(v)] * expf(-dn * 24 - dz - dc * dc * sigma);
          ws += wt; for (int k = 0; k < 3; k++) s[k] += wt * img[3 * j + k];
        }
        for (int k = 0; k < 3; k++) tmp[3 * i + k] = s[k] / ws;
      }
    memcpy(img, tmp, sizeof(float) * 3 * w * h);
  }
}
