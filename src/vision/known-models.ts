import type { Descriptor, EmbedderDescriptor } from './descriptor.ts'

/** Where a public model can be fetched. `rollcall models pull` accepts only the file with the known SHA-256. */
export interface Download {
  /** The name to give to `rollcall models pull`. */
  readonly name: string
  readonly url: string
  readonly bytes: number
  /** Whether the weights' licence forbids commercial use. */
  readonly nonCommercial: boolean
}

/** A public model that needs no descriptor beside it. */
export interface KnownModel {
  /** SHA-256 of the file that was measured. Other files of the same name are taken for the same architecture. */
  readonly sha256: string
  readonly fileName: string
  readonly descriptor: Descriptor
  /** Absent when the model was converted by hand and is not published in this form. */
  readonly download?: Download
}

/**
 * The five points on 112×112 of the public ArcFace training crops, which open embedders follow.
 * https://github.com/deepinsight/insightface, `face_align.py`
 */
export const arcfaceTemplate: EmbedderDescriptor['template'] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
]

const insightface = (name: string, fileName: string, bytes: number): Pick<KnownModel, 'fileName' | 'download'> => ({
  fileName,
  download: {
    name,
    // InsightFace publishes archives of several models. This is a mirror of the single files.
    url: `https://github.com/yakhyo/uniface/releases/download/weights/${fileName}`,
    bytes,
    nonCommercial: true,
  },
})
const insightfaceTerms = {
  source: 'https://github.com/deepinsight/insightface/tree/master/model_zoo',
  licence: 'non-commercial research only (InsightFace model zoo)',
}

const scrfd = (name: string, fileName: string, bytes: number, sha256: string): KnownModel => ({
  sha256,
  ...insightface(name, fileName, bytes),
  descriptor: {
    kind: 'scrfd',
    ...insightfaceTerms,
    channels: 'rgb',
    mean: [127.5, 127.5, 127.5],
    std: [128, 128, 128],
    strides: [8, 16, 32],
    anchors: 2,
    minScore: 0.5,
    nms: 0.4,
  },
})

const arcface = (name: string, fileName: string, bytes: number, sha256: string): KnownModel => ({
  sha256,
  ...insightface(name, fileName, bytes),
  descriptor: {
    kind: 'embedder',
    ...insightfaceTerms,
    channels: 'rgb',
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
    side: 112,
    template: arcfaceTemplate,
    dimensions: 512,
    // A usual choice for these weights; not measured in this project.
    threshold: 0.3,
    normalised: false,
  },
})

/** The public models that Rollcall knows. Of several in one directory the first in this list is preferred. */
export const knownModels: readonly KnownModel[] = [
  {
    sha256: '104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12',
    fileName: 'yunet_n_dynamic.onnx',
    download: {
      name: 'yunet',
      url: 'https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/dca340aa082c71081a68d17db8e58b33a58a914b/onnx/yunet_n_dynamic.onnx',
      bytes: 322_906,
      nonCommercial: false,
    },
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
  {
    sha256: '0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79',
    fileName: 'face_recognition_sface_2021dec.onnx',
    download: {
      name: 'sface',
      url: 'https://media.githubusercontent.com/media/opencv/opencv_zoo/47534e27c9851bb1128ccc0102f1145e27f23f98/models/face_recognition_sface/face_recognition_sface_2021dec.onnx',
      bytes: 38_696_353,
      nonCommercial: false,
    },
    descriptor: {
      kind: 'embedder',
      source: 'https://github.com/opencv/opencv_zoo/tree/main/models/face_recognition_sface',
      licence: 'Apache-2.0',
      channels: 'rgb',
      // The graph itself subtracts 127.5 and divides by 128.
      mean: [0, 0, 0],
      std: [1, 1, 1],
      side: 112,
      template: arcfaceTemplate,
      dimensions: 128,
      // OpenCV's own, of its FaceRecognizerSF sample.
      threshold: 0.363,
      normalised: false,
    },
  },
  scrfd(
    'scrfd-500m',
    'scrfd_500m_kps.onnx',
    2_524_817,
    '5e4447f50245bbd7966bd6c0fa52938c61474a04ec7def48753668a9d8b4ea3a',
  ),
  scrfd(
    'scrfd-10g',
    'scrfd_10g_kps.onnx',
    16_923_827,
    '5838f7fe053675b1c7a08b633df49e7af5495cee0493c7dcf6697200b85b5b91',
  ),
  arcface(
    'arcface-mbf',
    'w600k_mbf.onnx',
    13_616_099,
    '9cc6e4a75f0e2bf0b1aed94578f144d15175f357bdc05e815e5c4a02b319eb4f',
  ),
  arcface(
    'arcface-r50',
    'w600k_r50.onnx',
    174_383_860,
    '4c06341c33c2ca1f86781dab0e829f88ad5b64be9fba56e56bc9ebdefc619e43',
  ),
]
