/**
 * What FaceNet reports: F. Schroff, D. Kalenichenko, J. Philbin, "FaceNet: A Unified Embedding for Face Recognition and Clustering",
 * CVPR 2015 (arXiv:1503.03832). VAL at FAR 1e-3, 0–1, on the authors' hold-out set of a million photos, with the standard error where
 * it is given. Written down without the paper at hand: look them up there before you cite them. Null: not known.
 */
export const facenet = {
  /** Table 4, left. */
  jpegQuality: { table: 'Table 4', val: { 10: 0.673, 20: 0.814, 30: 0.839, 50: 0.855, 70: 0.861, 90: 0.865 } },
  /** Table 4, right: by the pixels of the picture, here by its side. */
  faceSize: { table: 'Table 4', val: { 40: 0.378, 80: 0.795, 120: 0.845, 160: 0.857, 256: 0.864 } },
  /** Table 5: networks trained with so many dimensions. */
  dimensions: { table: 'Table 5', val: { 64: 0.868, 128: 0.879, 256: 0.877, 512: 0.856 } },
  /** Table 3, with the multiply-adds that sections 3.3 and 5.1 give. */
  models: {
    table: 'Table 3',
    rows: [
      { name: 'NN1', multiplyAdds: 1.6e9, val: 0.879, standardError: 0.019 },
      { name: 'NN2', multiplyAdds: 1.6e9, val: 0.894, standardError: 0.016 },
      { name: 'NN3', multiplyAdds: null, val: 0.883, standardError: 0.017 },
      { name: 'NN4', multiplyAdds: 285e6, val: 0.82, standardError: 0.023 },
      { name: 'NNS1', multiplyAdds: 220e6, val: 0.824, standardError: 0.024 },
      { name: 'NNS2', multiplyAdds: 20e6, val: 0.519, standardError: 0.029 },
    ],
  },
  /** Section 5.7: all pairs of the first hundred frames of each video. */
  youtubeFaces: { section: 'section 5.7', accuracy: 0.9512, standardError: 0.0039 },
  /** Section 5.6, with extra alignment. */
  lfw: { section: 'section 5.6', accuracy: 0.9963, standardError: 0.0009 },
} as const
