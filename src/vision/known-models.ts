import type { Descriptor, EmbedderDescriptor } from './descriptor.ts'

/** Public models that need no descriptor beside them. The order is the order of preference. */
export interface KnownModel {
  /** Of the file that was measured; other files of the same name are taken for the same architecture. */
  readonly sha256: string
  readonly fileName: string
  readonly descriptor: Descriptor
}

/**
 * Five points on 112×112 of the public ArcFace training crops (insightface), which open embedders follow.
 * https://github.com/deepinsight/insightface, `face_align.py`
 */
const arcfaceTemplate: EmbedderDescriptor['template'] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
]

export const knownModels: readonly KnownModel[] = [
  {
    sha256: '104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12',
    fileName: 'yunet_n_dynamic.onnx',
    descriptor: {
      kind: 'yunet',
      source: 'https://github.com/ShiqiYu/libfacedetection.train',
      licence: 'Apache-2.0',
      channels: 'bgr',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      strides: [8, 16, 32],
      minScore: 0.6,
      nms: 0.4,
      qualityScores: [0.65, 0.93],
    },
  },
  {
    sha256: '2016c43e6c4b24b6eb96a45753ed24d530ab921446dcbae1734508d3e08ea7f6',
    fileName: 'retinaface_mnet025.onnx',
    descriptor: {
      kind: 'retinaface',
      source: 'https://github.com/biubug6/Face-Detector-1MB-with-landmark',
      licence: 'MIT',
      channels: 'bgr',
      mean: [104, 117, 123],
      std: [1, 1, 1],
      strides: [8, 16, 32],
      minSizes: [
        [10, 20],
        [32, 64],
        [128, 256],
      ],
      variances: [0.1, 0.2],
      minScore: 0.8,
      nms: 0.4,
      qualityScores: [0.9, 0.999],
    },
  },
  {
    sha256: '08cd987a0b5ab0c14734b7327fb7e67e733ff498f5b23b63200ca3d9803a3934',
    fileName: 'mobilefacenet_foamliu.onnx',
    descriptor: {
      kind: 'embedder',
      source: 'https://github.com/foamliu/MobileFaceNet',
      licence: 'Apache-2.0',
      channels: 'rgb',
      // ImageNet's mean and standard deviation (.485, .456, .406) / (.229, .224, .225), times 255.
      mean: [123.675, 116.28, 103.53],
      std: [58.395, 57.12, 57.375],
      side: 112,
      template: arcfaceTemplate,
      dimensions: 128,
      // The best of LFW's ten folds with YuNet's landmarks: 99.27 %.
      threshold: 0.264,
      normalised: true,
    },
  },
]
