/* What every frame needs at full size: moving vertices by bones, the empty place with people's shadows, developing. */
#include "cast.h"

/* Vertices p with normals q by `nb` bones (3x4 each), weights (nv,nb) dense. */
void move_by_bones(int nv, int nb, const float *w, const float *bones, const float *p, const float *q, float *op, float *oq) {
  for (int i = 0; i < nv; i++) {
    float m[12] = {0};
    for (int b = 0; b < nb; b++) {
      float k = w[(size_t)i * nb + b];
      if (k < 1e-4f) continue;
      for (int c = 0; c < 12; c++) m[c] += k * bones[12 * b + c];
    }
    for (int r = 0; r < 3; r++) {
      op[3 * i + r] = dot3(m + 4 * r, p + 3 * i) + m[4 * r + 3];
      oq[3 * i + r] = dot3(m + 4 * r, q + 3 * i);
    }
  }
}

static float sample(const float *a, int w, int h, float x, float y) {
  x = clampf(x, 0, w - 1.001f); y = clampf(y, 0, h - 1.001f);
  int i = (int)x, j = (int)y;
  x -= i; y -= j;
  const float *p = a + j * w + i;
  return mixf(mixf(p[0], p[1], x), mixf(p[w], p[w + 1], x), y);
}

/* base * contact + key * shadow: `occ` at a quarter and `sh` at half of the size (sh may be null). */
void underlay(int w, int h, const float *base, const float *key, const float *occ, const float *sh, float gain, float *o) {
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++) {
      int p = 3 * (y * w + x);
      float a = sample(occ, w / 4, h / 4, (x - 2) * .25f, (y - 2) * .25f) * gain, b = sh ? sample(sh, w / 2, h / 2, (x - 1) * .5f, (y - 1) * .5f) * gain : gain;
      for (int k = 0; k < 3; k++) o[p + k] = base[p + k] * a + key[p + k] * b;
    }
}

/* Linear light to 8 bits: glow of what is brighter than white, a soft shoulder, gamma, and a fixed fine grain against banding. */
void develop8(int w, int h, const float *rgb, float exposure, float glow, float grain, uint32_t seed, float *small, uint8_t *o) {
  int sw = w / 4, sh = h / 4;
  float *a = small, *b = small + 3 * sw * sh;
  for (int y = 0; y < sh; y++)
    for (int x = 0; x < sw; x++)
      for (int k = 0; k < 3; k++) {
        float s = 0;
        for (int v = 0; v < 4; v += 2) for (int u = 0; u < 4; u += 2) s += clampf(rgb[3 * ((4 * y + v) * w + 4 * x + u) + k] * exposure - .8f, 0, 4);
        a[3 * (y * sw + x) + k] = s * .25f;
      }
  for (int pass = 0; pass < 6; pass++) { /* three box blurs each way */
    int along = pass & 1, n = along ? sh : sw, m = along ? sw : sh, st = along ? 3 * sw : 3, so = along ? 3 : 3 * sw;
    for (int i = 0; i < m; i++)
      for (int k = 0; k < 3; k++) {
        const float *s = a + (size_t)i * so + k; float *d = b + (size_t)i * so + k, t = 0;
        for (int j = -5; j <= 5; j++) t += s[(size_t)(j < 0 ? 0 : j) * st];
        for (int j = 0; j < n; j++) {
          d[(size_t)j * st] = t / 11;
          int in = j + 6 > n - 1 ? n - 1 : j + 6, out = j - 5 < 0 ? 0 : j - 5;
          t += s[(size_t)in * st] - s[(size_t)out * st];
        }
      }
    float *c = a; a = b; b = c;
  }
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++) {
      float g = (rnd3(x, y, (int)seed) + rnd3(x, y, (int)seed + 1) - 1) * grain * 2;
      float fx = clampf((x - 1.5f) * .25f, 0, sw - 1.001f), fy = clampf((y - 1.5f) * .25f, 0, sh - 1.001f);
      int i = (int)fx, j = (int)fy; fx -= i; fy -= j;
      const float *q = a + 3 * (j * sw + i);
      for (int k = 0; k < 3; k++) {
        float v = rgb[3 * (y * w + x) + k] * exposure + 2 * glow * mixf(mixf(q[k], q[3 + k], fx), mixf(q[3 * sw + k], q[3 * sw + 3 + k], fx), fy);
        v = v * (1 + v / 6) / (1 + v * .92f);
        v = v < 1 ? powf(v, 1 / 2.2f) : 1;
        o[3 * (y * w + x) + k] = (uint8_t)(clampf(v + g, 0, 1) * 255 + .5f);
      }
    }
}
