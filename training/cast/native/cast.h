/* Shared types of the cast's renderer. Lengths are metres, y is up, colours are linear RGB. */
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES 4

enum { SKIN = 0, EYE = 1, CLOTH = 2, HAIR = 3, PLAIN = 4 };

/* One drawable: world positions per vertex, texture coordinates per triangle corner. */
typedef struct {
  int nv, nt;
  const int *tri;       /* nt*3 */
  const float *pos;     /* nv*3 world */
  const float *nrm;     /* nv*3 world; of hair: the normal of the hair's volume */
  const float *tan;     /* nv*3 world, hair only: direction of the strand */
  const float *uv;      /* nt*6, skin only */
  const float *aux;     /* nv*4, meaning depends on the material */
  int mat, shadow;
  const uint8_t *tex;   /* mip chain of RGBA albedo (sRGB), then the same of RGBA detail; skin only */
  int tw;               /* side of level 0, a power of two */
  const float *par;     /* 16 material parameters */
} Mesh;

typedef struct {
  int w, h;
  float eye[3], rot[9]; /* rows: right, up, forward */
  float f, cx, cy;      /* focal length and centre in pixels */
  float key[3], keyrgb[3], keysize; /* direction to the key light, radiance, tangent of its angular radius */
  float sh[27];         /* irradiance as 9 spherical harmonics x RGB */
  float window[3], windowrgb[3], windowcos; /* what eyes mirror */
  int ss;               /* side of the shadow map */
  float srot[9], slo[3], sscale; /* shadow frame: p' = (srot*p - slo)*sscale in x,y; z plain */
} View;

static inline float clampf(float x, float a, float b) { return x < a ? a : x > b ? b : x; }
static inline float mixf(float a, float b, float t) { return a + (b - a) * t; }
static inline float smooth(float a, float b, float x) { float t = clampf((x - a) / (b - a), 0, 1); return t * t * (3 - 2 * t); }
static inline float dot3(const float *a, const float *b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
static inline void norm3(float *a) { float l = 1.f / sqrtf(dot3(a, a) + 1e-20f); a[0] *= l; a[1] *= l; a[2] *= l; }
static inline void cross3(const float *a, const float *b, float *o) {
  o[0] = a[1] * b[2] - a[2] * b[1]; o[1] = a[2] * b[0] - a[0] * b[2]; o[2] = a[0] * b[1] - a[1] * b[0];
}
static inline uint32_t hash3(int x, int y, int z) {
  uint32_t h = (uint32_t)x * 0x8da6b343u ^ (uint32_t)y * 0xd8163841u ^ (uint32_t)z * 0xcb1ab31fu;
  h ^= h >> 15; h *= 0x2c1b3c6du; h ^= h >> 12; h *= 0x297a2d39u; h ^= h >> 15;
  return h;
}
static inline float rnd3(int x, int y, int z) { return (hash3(x, y, z) >> 8) * (1.f / 16777216.f); }
/* Value noise in [0,1], smooth between the points of the integer lattice. */
static inline float noise3(float x, float y, float z) {
  float fx = floorf(x), fy = floorf(y), fz = floorf(z);
  int i = (int)fx, j = (int)fy, k = (int)fz;
  x -= fx; y -= fy; z -= fz; x = x * x * (3 - 2 * x); y = y * y * (3 - 2 * y); z = z * z * (3 - 2 * z);
  float a = mixf(mixf(rnd3(i, j, k), rnd3(i + 1, j, k), x), mixf(rnd3(i, j + 1, k), rnd3(i + 1, j + 1, k), x), y);
  float b = mixf(mixf(rnd3(i, j, k + 1), rnd3(i + 1, j, k + 1), x), mixf(rnd3(i, j + 1, k + 1), rnd3(i + 1, j + 1, k + 1), x), y);
  return mixf(a, b, z);
}
static inline float fbm(float x, float y, float z, int o) {
  float s = 0, a = .5f;
  for (int i = 0; i < o; i++, a *= .5f) { s += a * noise3(x, y, z); x = x * 2.03f + 7; y = y * 2.03f + 3; z = z * 2.03f + 5; }
  return s;
}
/* Irradiance/pi in direction n from 9 coefficients per channel. */
static inline void shade_sh(const float *c, const float *n, float *o) {
  float x = n[0], y = n[1], z = n[2];
  float b[9] = {.282095f, .488603f * y, .488603f * z, .488603f * x, 1.092548f * x * y, 1.092548f * y * z,
                .315392f * (3 * z * z - 1), 1.092548f * x * z, .546274f * (x * x - y * y)};
  for (int k = 0; k < 3; k++) { float s = 0; for (int i = 0; i < 9; i++) s += b[i] * c[3 * i + k]; o[k] = s > 0 ? s : 0; }
}
