import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client'
import { type CameraId, type CameraState, cameraStates } from './types.ts'

/** Seconds: from one face on a GPU (below a millisecond) to a whole picture on a busy core. */
const stageBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
/** Seconds from the lens to the event. The camera's encoder and the network alone take 50–500 ms. */
const captureToEventBuckets = [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5, 10]

/** Each sample wakes the process up: every 10 ms, prom-client's default, would be half of what a process takes that has nothing to do. */
const LOOP_SAMPLED_EVERY_MS = 100

/** All metrics of one process, by what they count. Their help texts say what each is. */
export type Metrics = ReturnType<typeof createMetrics>

/**
 * Creates every metric of Rollcall and registers it in `registry`, with prom-client's default metrics of the process:
 * CPU, memory, descriptors, garbage collection, and the delay of the event loop (`nodejs_eventloop_lag_p99_seconds` and
 * others, each since it was last read): the time from one sample to the next, so .1 s where nothing is late.
 */
export const createMetrics = (registry: Registry) => {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_SAMPLED_EVERY_MS })
  const make = makerIn(registry)
  return {
    ...streamMetrics(make),
    ...analysisMetrics(make),
    ...cameraMetrics(make),
    ...detailMetrics(make),
    ...visionMetrics(make),
    ...sinkMetrics(make),
    spool: spoolMetrics(make),
    kafka: kafkaMetrics(make),
    webhooks: webhookMetrics(make),
    mqtt: mqttMetrics(make),
    seam: seamMetrics(make),
    stateTopic: stateTopicMetrics(make),
    placement: placementMetrics(make),
    link: linkMetrics(make),
    ...serverMetrics(make),
  }
}

type Make = ReturnType<typeof makerIn>

/** Makes metrics and registers them. */
const makerIn = (registry: Registry) => {
  const registers = [registry]
  return {
    counter: <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
      new Gauge({ name, help, labelNames, registers }),
    histogram: <Label extends string>(name: string, help: string, labelNames: readonly Label[], buckets: number[]) =>
      new Histogram({ name, help, labelNames, buckets, registers }),
  }
}

/** What arrives from cameras, and what is decoded of it. */
const streamMetrics = ({ counter, gauge }: Make) => ({
  framesDecoded: counter('rollcall_frames_decoded_total', 'Frames the decoder delivered.', ['camera']),
  framesDamaged: counter('rollcall_frames_damaged_total', 'Frames decoded after a loss: followed, never embedded.', [
    'camera',
  ]),
  unitsReceived: counter('rollcall_units_received_total', 'Encoded pictures that arrived from a camera.', ['camera']),
  losses: counter('rollcall_stream_losses_total', 'Gaps in what arrived: packets that were lost on the way.', [
    'camera',
  ]),
  unitsSkipped: counter(
    'rollcall_units_skipped_total',
    'Encoded pictures that were not decoded: this machine was late (behind; disposable: nothing else refers to it), they refer to something lost (broken), or nobody wanted them (policy).',
    ['camera', 'reason'],
  ),
  decodeLag: gauge('rollcall_decode_lag_seconds', 'How long the next encoded picture has waited for its decoder.', [
    'camera',
  ]),
  cameraResting: gauge(
    'rollcall_camera_resting',
    '1 while nobody is there and restFps frames are analysed in a second, else 0.',
    ['camera'],
  ),
  cameraHardware: gauge('rollcall_camera_hardware_decoder', '1 while this hardware decoder decodes.', [
    'decoder',
    'camera',
  ]),
  decoderFallbacks: counter(
    'rollcall_decoder_fallbacks_total',
    'Hardware decoders that were refused or failed, so that software decodes.',
    ['camera'],
  ),
  cameraAsleep: gauge(
    'rollcall_camera_asleep',
    '1 while it rests, nothing moves or the machine was late, and only key frames are decoded, else 0.',
    ['camera'],
  ),
  cameraSteady: gauge(
    'rollcall_camera_steady',
    '1 while everybody there is known and keeps still, and steadyFps frames are analysed in a second, else 0.',
    ['camera'],
  ),
  keyFrameInterval: gauge('rollcall_key_frame_interval_seconds', 'The median time between key frames.', ['camera']),
})

/** Frames and faces on their way from the decoder to people. */
const analysisMetrics = ({ counter, gauge, histogram }: Make) => ({
  framesAnalysed: counter('rollcall_frames_analysed_total', 'Frames in which faces were looked for.', ['camera']),
  drops: counter('rollcall_drops_total', 'Frames or events dropped because a stage could not keep up.', [
    'stage',
    'camera',
  ]),
  batchFrames: histogram('rollcall_batch_frames', 'Frames in one batch of the detector.', [], [1, 2, 4, 8, 16, 32]),
  stageDuration: histogram(
    'rollcall_stage_duration_seconds',
    'Time one batch spent in a stage.',
    ['stage'],
    stageBuckets,
  ),
  captureToEvent: histogram(
    'rollcall_capture_to_event_seconds',
    'Time from the capture of a frame to its event being published.',
    ['camera'],
    captureToEventBuckets,
  ),
  faces: counter('rollcall_faces_total', 'Faces detected.', ['camera']),
  embeddings: counter('rollcall_embeddings_total', 'Faces embedded.', []),
  crops: counter('rollcall_face_crops_total', 'Pictures of faces made for the people pages (identity.crops).', [
    'camera',
  ]),
  objectorFaces: counter(
    'rollcall_objector_faces_total',
    'Faces of people who are never to be recognised, as far as they were: they are dropped.',
    [],
  ),
  unknownFaces: counter(
    'rollcall_unknown_faces_total',
    'Faces of people without a name that nobody was told of (identity.unknown: ignore).',
    [],
  ),
  people: gauge('rollcall_people', 'People known, aliases not counted.', []),
  trackletsEvicted: counter(
    'rollcall_tracklets_evicted_total',
    'Tracklets that were moved on before their time because too many were in this state.',
    ['state'],
  ),
})

/** How each camera does. */
const cameraMetrics = ({ counter, gauge }: Make) => {
  const cameraState = gauge('rollcall_camera_state', 'One for the state the camera is in, zero for the others.', [
    'camera',
    'state',
  ])
  return {
    reconnects: counter('rollcall_camera_reconnects_total', 'Attempts to open a camera again.', ['camera']),
    cameraPipelines: gauge(
      'rollcall_camera_pipelines',
      'Connections of a camera that are open or have not stopped yet: never more than one.',
      ['camera'],
    ),
    cameraState,
    cameraCodec: gauge('rollcall_camera_codec', 'One for the encoding that the camera sends.', ['camera', 'codec']),
    /** Sets the series of every state, so that a camera is in exactly one. */
    setCameraState: (camera: CameraId, state: CameraState): void => {
      for (const each of cameraStates) cameraState.set({ camera, state: each }, each === state ? 1 : 0)
    },
  }
}

/** Looks at faces in the big streams of cameras. */
const detailMetrics = ({ counter }: Make) => ({
  detailReceived: counter(
    'rollcall_detail_received_pictures_total',
    'Pictures received of the big stream (detailUrl) of a camera.',
    ['camera'],
  ),
  detailDecoded: counter('rollcall_detail_decoded_pictures_total', 'Those of them that were decoded: below 5 %.', [
    'camera',
  ]),
  detailLooks: counter(
    'rollcall_detail_looks_total',
    'What became of the looks at faces in a big stream: found and embedded, not-found, uncertain, gone, late.',
    ['camera', 'outcome'],
  ),
})

/** How the vision processes do. */
const visionMetrics = ({ counter, gauge }: Make) => ({
  providerFallbacks: counter(
    'rollcall_provider_fallbacks_total',
    'Models that run on another execution provider than the preferred one.',
    ['model', 'from', 'to'],
  ),
  visionRestarts: counter('rollcall_vision_restarts_total', 'Vision processes started again after they died.', []),
  visionDeaths: counter(
    'rollcall_vision_deaths_total',
    'Vision processes that died: crashed, killed, hung, or not started.',
    ['how'],
  ),
  cameraQuarantined: gauge(
    'rollcall_camera_quarantined',
    'One while no process has the camera, because its process died again and again.',
    ['camera'],
  ),
})

/** Events on their way to every sink. */
const sinkMetrics = ({ counter, gauge }: Make) => ({
  events: counter('rollcall_events_total', 'Events made, before any sink.', ['topic']),
  sinkQueueEvents: gauge('rollcall_sink_queue_events', 'Events waiting for a sink.', ['sink']),
  sinkFailures: counter(
    'rollcall_sink_failures_total',
    'Attempts to give a batch of events to a sink that failed; it is tried again.',
    ['sink'],
  ),
})

/** Events on disk that wait for Kafka. */
const spoolMetrics = ({ counter, gauge }: Make) => ({
  events: gauge('rollcall_spool_events', 'Events on disk that wait for Kafka: frames (droppable), others (kept).', [
    'lane',
  ]),
  bytes: gauge('rollcall_spool_bytes', 'Size of the spool on disk.', []),
  dropped: counter('rollcall_spool_dropped_events_total', 'Frame events dropped because the spool was full.', []),
  damagedBytes: gauge('rollcall_spool_damaged_bytes', 'Bytes of the spool that belonged to no whole record.', []),
})

/** What becomes of messages to Kafka. */
const kafkaMetrics = ({ counter, gauge, histogram }: Make) => ({
  connected: gauge('rollcall_kafka_connected', 'One when the last request to Kafka succeeded.', []),
  sent: counter('rollcall_kafka_sent_messages_total', 'Messages that Kafka has acknowledged.', ['topic']),
  refused: counter('rollcall_kafka_refused_messages_total', 'Messages that Kafka will never take, set aside.', [
    'topic',
  ]),
  untimed: counter(
    'rollcall_kafka_untimed_messages_total',
    'Messages sent without a record time, because Kafka did not take the time of our clock.',
    ['topic'],
  ),
  failures: counter('rollcall_kafka_failed_requests_total', 'Requests that failed; the messages are sent again.', [
    'failure',
  ]),
  request: histogram('rollcall_kafka_request_seconds', 'Time until Kafka had a batch.', [], stageBuckets),
})

/** What becomes of events for webhooks. */
const webhookMetrics = ({ counter, gauge }: Make) => ({
  deliveries: counter(
    'rollcall_webhook_deliveries_total',
    'Requests to a webhook: taken, failed (it is tried again), dead (given up).',
    ['webhook', 'outcome'],
  ),
  waiting: gauge('rollcall_webhook_waiting_events', 'Events on disk that wait for a webhook.', ['webhook']),
})

/** What becomes of messages to MQTT. */
const mqttMetrics = ({ counter, gauge }: Make) => ({
  connected: gauge('rollcall_mqtt_connected', 'One while connected to the MQTT broker.', []),
  sent: counter('rollcall_mqtt_sent_messages_total', 'Events that the MQTT broker has acknowledged.', []),
  waiting: gauge('rollcall_mqtt_waiting_events', 'Events on disk that wait for the MQTT broker.', []),
})

/** Faces on their way over Kafka, between processes on several machines. */
const seamMetrics = ({ counter, gauge }: Make) => ({
  sent: counter('rollcall_seam_sent_records_total', 'Records of a camera that Kafka has acknowledged.', ['camera']),
  waiting: gauge('rollcall_seam_waiting_records', 'Records that wait for Kafka in this process.', []),
  failures: counter('rollcall_seam_failed_requests_total', 'Requests to Kafka that failed; they are tried again.', []),
  taken: counter(
    'rollcall_seam_taken_records_total',
    'What became of records from Kafka: new (taken), repeat, other-owner (of a process that no longer has the camera), unknown-camera, other-model, or unreadable.',
    ['outcome'],
  ),
  lost: counter(
    'rollcall_seam_lost_records_total',
    'Records of a camera that were sent and never came: given up by the vision process, or deleted in Kafka.',
    ['camera'],
  ),
  lag: gauge('rollcall_seam_lag_records', 'Records in Kafka that this process has not taken.', []),
})

/** The people of a site in Kafka, and the processes that may have them. */
const stateTopicMetrics = ({ counter, gauge, histogram }: Make) => ({
  role: gauge('rollcall_identity_role', '1 for what this identity process is now: active or standby.', ['role']),
  lag: gauge('rollcall_state_lag_records', 'Records about people in Kafka that a standby has not read.', []),
  failures: counter(
    'rollcall_state_failed_transactions_total',
    'Transactions of what is known of people that failed; they are tried again.',
    [],
  ),
  transactions: histogram(
    'rollcall_state_transaction_seconds',
    'How long a transaction of what is known of people takes; events wait for it.',
    [],
    [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5],
  ),
})

/** Cameras that Kafka places on vision processes. */
const placementMetrics = ({ counter, gauge }: Make) => ({
  cameras: gauge('rollcall_placement_cameras', 'Cameras that are placed on this process.', []),
  capacity: gauge('rollcall_placement_capacity', 'What this process can do beside others (seam.capacity).', []),
  moves: counter(
    'rollcall_placement_moves_total',
    'Cameras that came to this process (opened), went from it (closed), or were given back because it does not reach them (refused).',
    ['what'],
  ),
})

/** Pictures and video between vision and identity processes, beside Kafka. */
const linkMetrics = ({ counter, gauge }: Make) => ({
  processes: gauge(
    'rollcall_link_processes',
    'Vision processes that say where their pictures are, by whether this process is connected with them (connected) or tries (away).',
    ['state'],
  ),
  taken: counter(
    'rollcall_link_taken_bytes_total',
    'Bytes of stills (picture), units of video, crops and captures that came from vision processes.',
    ['what'],
  ),
  unreadable: counter('rollcall_link_unreadable_total', 'Messages of vision processes that cannot be read.', []),
  drops: counter(
    'rollcall_link_drops_total',
    'Stills (picture), units and crops that a vision process did not send: identity takes them too slowly, or is away.',
    ['what'],
  ),
  waitingCrops: gauge('rollcall_link_waiting_crops', 'Crops that identity has not taken yet.', []),
  refused: counter('rollcall_link_refused_total', 'Connections to a vision process that did not prove the key.', []),
})

/** Clients of the HTTP server. */
const serverMetrics = ({ counter, gauge }: Make) => ({
  webSocketClients: gauge('rollcall_websocket_clients', 'WebSocket clients connected.', []),
  webSocketVideoCameras: gauge('rollcall_websocket_video_cameras', 'Cameras whose own video some client watches.', []),
  webSocketDrops: counter(
    'rollcall_websocket_drops_total',
    'Events, stills (picture) and units of video not sent to a client that reads too slowly.',
    ['kind'],
  ),
  httpDenied: counter('rollcall_http_denied_total', 'Requests denied, upgrades too.', ['reason']),
  webSocketTerminations: counter('rollcall_websocket_terminations_total', 'WebSocket clients cut off.', ['reason']),
})

/** Removes every series of a camera that is no longer there. */
export const forgetCamera = async (registry: Registry, camera: CameraId): Promise<void> => {
  for (const metric of registry.getMetricsAsArray()) {
    const { values } = await (metric as unknown as Series).get()
    const labels = values.filter(({ labels: { camera: of } }) => of === camera).map(({ labels: each }) => ({ ...each }))
    // The buckets of a histogram belong to one series.
    for (const each of labels) delete each.le
    for (const each of labels) (metric as unknown as Series).remove(each)
  }
}

/** What counters, gauges and histograms have in common. */
interface Series {
  get(): Promise<{ readonly values: readonly { readonly labels: Readonly<Record<string, string | number>> }[] }>
  remove(labels: Readonly<Record<string, string | number>>): void
}

/** What `registry.getMetricsAsJSON()` resolves to: plain data that can be sent to another process. */
export type MetricsJson = Readonly<Awaited<ReturnType<Registry['getMetricsAsJSON']>>>

/** The metrics without the series of cameras that are gone: what was counted of them a moment ago is of no use. */
export const metricsOfPresent = (metrics: MetricsJson, hasCamera: (camera: CameraId) => boolean): MetricsJson =>
  metrics.map((metric) => ({
    ...metric,
    values: metric.values?.filter(({ labels: { camera } }) => camera === undefined || hasCamera(String(camera))),
  })) as MetricsJson

/**
 * One Prometheus text of this process's metrics and those of its workers. The label `process` tells them apart: `main`
 * for `own`, the map's key for the others. NaN (of an empty event-loop histogram) is left out, because JSON cannot
 * carry it.
 */
export const mergeMetrics = async (own: Registry, others: ReadonlyMap<string, MetricsJson>): Promise<string> => {
  const all = [['main', await own.getMetricsAsJSON()], ...others] as const
  // aggregate() puts the series of one metric under one HELP and TYPE. Every series has labels of its own, so nothing
  // is summed. The aggregators of the default metrics ("first", "omit") would lose processes.
  const labelled = all.map(([process, metrics]) =>
    metrics.map((metric) => ({
      ...metric,
      aggregator: 'sum',
      values: metric.values
        .filter(({ value }) => Number.isFinite(value))
        .map((value) => ({ ...value, labels: { ...value.labels, process } })),
    })),
  )
  return AggregatorRegistry.aggregate(labelled).metrics()
}
