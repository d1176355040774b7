/*
 * A z-buffer: draws triangles and interpolates per-vertex attributes over them (perspective is left out: triangles are
 * small). `corners` holds x, y in pixels and depth, larger is nearer; `depth` starts at -infinity, `owner` at -1.
 */
static float least(float a, float b) { return a < b ? a : b; }
static float most(float a, float b) { return a > b ? a : b; }

void draw(int triangles, const int *index, const float *corners, const float *attributes, int width, int pixels_x,
          int pixels_y, float *depth, float *values, int *owner) {
  for (int t = 0; t < triangles; t++) {
    const int *at = index + 3 * t;
    const float *a = corners + 3 * at[0], *b = corners + 3 * at[1], *c = corners + 3 * at[2];
    float area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    if (area > -1e-9f && area < 1e-9f) continue;
    int left = (int)most(0, least(a[0], least(b[0], c[0])));
    int top = (int)most(0, least(a[1], least(b[1], c[1])));
    int right = (int)least(pixels_x - 1, most(a[0], most(b[0], c[0])));
    int bottom = (int)least(pixels_y - 1, most(a[1], most(b[1], c[1])));
    for (int y = top; y <= bottom; y++)
      for (int x = left; x <= right; x++) {
        float px = x + .5f - a[0], py = y + .5f - a[1];
        float of_b = (px * (c[1] - a[1]) - py * (c[0] - a[0])) / area;
        float of_c = ((b[0] - a[0]) * py - (b[1] - a[1]) * px) / area;
        float of_a = 1 - of_b - of_c;
        if (of_a < -1e-5f || of_b < -1e-5f || of_c < -1e-5f) continue;
        float z = of_a * a[2] + of_b * b[2] + of_c * c[2];
        int pixel = y * pixels_x + x;
        if (z <= depth[pixel]) continue;
        depth[pixel] = z;
        owner[pixel] = t;
        for (int k = 0; k < width; k++)
          values[(long)pixel * width + k] = of_a * attributes[(long)at[0] * width + k] +
                                            of_b * attributes[(long)at[1] * width + k] +
                                            of_c * attributes[(long)at[2] * width + k];
      }
  }
}
