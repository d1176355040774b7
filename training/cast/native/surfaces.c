/* Procedural materials of rooms: colour (linear) and a small bend of the normal from place, no pictures. */
#include "cast.h"
typedef struct { int tex; float a[3], b[3], scale, coat, rough, emit, key, glass; } Mat;
enum { FLAT = 0, WOOD, TILE, BRICK, CONCRETE, CARPET, STRIPES, ART, CITY, LEAF, TERRAZZO, SHELF, ASPHALT, FACADE, NIGHT };

static void planar(const float *q, const float *n, float *u, float *v) {
  float a = fabsf(n[0]), b = fabsf(n[1]), c = fabsf(n[2]);
  if (b >= a && b >= c) { *u = q[0]; *v = q[2]; } else if (a >= c) { *u = q[2]; *v = q[1]; } else { *u = q[0]; *v = q[1]; }
}
static float frac(float x) { return x - floorf(x); }

void surface_colour(const Mat *m, const float *p, const float *q, const float *n, float *o, float *bump) {
  float u, v, t = 0, k0 = 1, s = m->scale;
  bump[0] = bump[1] = bump[2] = 0;
  planar(m->tex == ART || m->tex == LEAF || m->tex == SHELF || m->tex == CITY || m->tex == NIGHT ? q : p, n, &u, &v);
  switch (m->tex) {
    case WOOD: {
      float w = .16f * s, row = floorf(v / w), off = rnd3((int)row, 3, 1) * 3, len = 1.4f * s, col = floorf((u + off) / len);
      float g = fbm(u * 2.2f / s + row * 7.1f + col * 3.3f, v * 34 / s, row * 1.7f + col, 4), e = fminf(frac(v / w), 1 - frac(v / w)) * w, f = fminf(frac((u + off) / len), 1 - frac((u + off) / len)) * len;
      t = g * .9f + (rnd3((int)row, (int)col, 5) - .5f) * .5f;
      k0 = smooth(.0f, .003f, fminf(e, f)) * .5f + .5f; break;
    }
    case TILE: { float e = fminf(fminf(frac(u / s), 1 - frac(u / s)), fminf(frac(v / s), 1 - frac(v / s))) * s; t = 1 - smooth(.003f, .006f, e); k0 = 1 + (rnd3((int)floorf(u / s), (int)floorf(v / s), 9) - .5f) * .10f + (fbm(u * 3, v * 3, 1, 4) - .45f) * .2f;
      bump[0] = (noise3(u * 3, v * 3, 4) - .5f) * .01f; break; }
    case BRICK: {
      float h = .075f * s, w = .23f * s, row = floorf(v / h), uu = u + (((int)row) & 1) * w * .5f, e = fminf(fminf(frac(uu / w), 1 - frac(uu / w)) * w, fminf(frac(v / h), 1 - frac(v / h)) * h);
      t = 1 - smooth(.004f, .009f, e + (noise3(u * 60, v * 60, 1) - .5f) * .004f);
      k0 = .75f + .5f * rnd3((int)floorf(uu / w), (int)row, 2) * .9f + (fbm(u * 30, v * 30, 2, 3) - .45f) * .6f; break; }
    case CONCRETE: k0 = 1 + (fbm(u * 1.3f, v * 1.3f, 1, 5) - .48f) * .35f + (fbm(u * 22, v * 22, 3, 3) - .45f) * .15f; break;
    case CARPET: k0 = .8f + .4f * noise3(u * 210, v * 210, 1); t = smooth(.45f, .55f, fbm(u * 2.5f * s, v * 2.5f * s, 2, 3)); break;
    case STRIPES: t = frac(u / s) < .5f; k0 = 1 - .25f * smooth(.38f, .5f, fabsf(frac(u / s * 2) - .5f)); break;
    case ART: {
      float x = u * 2.2f / s + m->a[0] * 31, y = v * 2.2f / s + m->b[1] * 17, f = fbm(x, y, m->a[2] * 9, 3), g = fbm(x * .8f + 3 * f, y * .8f - 2 * f, 4, 3);
      float c1[3] = {m->a[0], m->a[1], m->a[2]}, c2[3] = {m->b[0], m->b[1], m->b[2]};
      float w1 = smooth(.38f, .44f, g), w2 = smooth(.5f, .53f, f), w3 = smooth(.62f, .65f, g);
      for (int k = 0; k < 3; k++) { float c = mixf(.62f, c1[k], w1); c = mixf(c, c2[k], w2); o[k] = mixf(c, .04f, w3 * .8f); }
      return; }
    case SHELF: { /* backs of books in a row */
      float w = .028f * s, i = floorf(u / w), r = rnd3((int)i, (int)floorf(v / .33f), 4); float top = .26f + .05f * rnd3((int)i, 8, 2);
      float e = fminf(frac(u / w), 1 - frac(u / w)); float hue = rnd3((int)i, 5, 7);
      for (int k = 0; k < 3; k++) o[k] = (.06f + .5f * r * (k == 0 ? .6f + .4f * hue : k == 1 ? .5f + .3f * (1 - hue) : .35f + .5f * fabsf(hue - .5f))) * smooth(0, .12f, e) * (frac((v + 5) / .33f) * .33f < top ? 1 : .05f);
      return; }
    case CITY: { /* a hazy street outside a window: sky, buildings, trees */
      float y = v / s, x = u / s, b = floorf(x * 3.2f), hgt = .15f + .55f * rnd3((int)b, 2, 3), tree = fbm(x * 5, y * 5, 2, 3), hz = y + .35f;
      float skyc[3] = {m->a[0], m->a[1], m->a[2]};
      for (int k = 0; k < 3; k++) {
        float c = skyc[k] * (1.0f + .25f * y);
        if (y < hgt - .15f) { float win = frac(x * 16) > .3f && frac(y * 12) > .35f ? .8f : 1.f; c = mixf(c, m->b[k] * (.55f + .5f * rnd3((int)b, 4, k * 0)) * win, .75f); }
        if (y < -.12f + .35f * tree) c = mixf(c, (k == 1 ? .26f : k == 0 ? .16f : .09f) * (.5f + 1.3f * noise3(x * 30, y * 30, 1)), .75f);
        if (hz < .0f) c = .33f;
        o[k] = c;
      }
      return; }
    case NIGHT: { /* a dark pane with the lights of a town far out of focus */
      float c[3] = {m->a[0], m->a[1], m->a[2]};
      for (int i = 0; i < 26; i++) {
        float x = (rnd3(i, 1, 5) - .5f) * 4 * s, y = (rnd3(i, 2, 5) - .62f) * 1.6f * s, r = .05f + .07f * rnd3(i, 3, 5), d = hypotf(u - x, v - y);
        float a = smooth(r, r * .8f, d) * (.25f + .6f * rnd3(i, 4, 5)); float w = rnd3(i, 6, 5);
        c[0] += a * (1.1f); c[1] += a * (.45f + .5f * w); c[2] += a * (.12f + .7f * w * w);
      }
      memcpy(o, c, 12); return; }
    case LEAF: t = fabsf(q[0]) ; k0 = .7f + .6f * noise3(p[0] * 14, p[1] * 14, p[2] * 14); t = noise3(p[0] * 3, p[1] * 3, p[2] * 3); break;
    case TERRAZZO: { float c = 0; for (int i = 0; i < 3; i++) { float f = (26 + 19 * i) / s; c += smooth(.63f, .68f, noise3(u * f + i * 9, v * f, i)) * (.35f + .65f * rnd3((int)(u * f), (int)(v * f), i)); } t = fminf(c, 1);
      float e = fminf(fminf(frac(u / 1.2f), 1 - frac(u / 1.2f)), fminf(frac(v / 1.2f), 1 - frac(v / 1.2f))) * 1.2f; k0 = .86f + .14f * smooth(.002f, .005f, e); break; }
    case ASPHALT: k0 = .75f + .5f * noise3(u * 120, v * 120, 1) * .8f + (fbm(u * 1.1f, v * 1.1f, 1, 4) - .45f) * .5f; t = 0; break;
    case FACADE: { float a = frac(u / (2.2f * s)), b = frac(v / (3.0f * s)); int win = a > .25f && a < .75f && b > .28f && b < .82f; t = win; k0 = win ? .6f + .5f * rnd3((int)floorf(u / (2.2f * s)), (int)floorf(v / (3 * s)), 3) : 1 + (fbm(u * 3, v * 3, 2, 4) - .45f) * .3f; break; }
    default: k0 = 1 + (fbm(u * .9f, v * .9f, 2, 3) - .45f) * .06f;
  }
  t = clampf(t, 0, 1);
  for (int k = 0; k < 3; k++) o[k] = clampf(mixf(m->a[k], m->b[k], t) * k0, 0, .95f);
  if (m->emit > 0) for (int k = 0; k < 3; k++) o[k] = m->a[k];
}
