/** A child process of the overhead benchmark: bare decoding, then bare model runs; answers with the CPU time of each. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { inspect, open } from '../native/index.js'
import { chooseDecoders, codecElements } from '../src/ingest/codecs.ts'
import { parseCameraUrl } from '../src/ingest/camera-url.ts'
import { launchLine } from '../src/ingest/launch.ts'
import { cameraOptions } from '../src/ingest/options.ts'
import { chooseModel, describeModels } from '../src/vision/model-files.ts'
import { openSession } from '../src/vision/session.ts'
