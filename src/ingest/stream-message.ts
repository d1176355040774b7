/** A message of GStreamer's bus; see `PipelineEvent`. */
export interface StreamMessage {
  readonly domain: string
  readonly code: number
  readonly message: string
  readonly debug: string
  readonly element: string
}
