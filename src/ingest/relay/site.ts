import type { HttpCamera } from './http-camera.ts'
import type { RelayListener } from './loopback.ts'
import type { Segments } from './segments.ts'
import type { RelayTarget } from './target.ts'

/** What an HTTP relay knows of its camera. */
export interface Site {
  readonly target: RelayTarget
  readonly camera: HttpCamera
  readonly hears: RelayListener
  /** The path begins with it, and only GStreamer knows it. */
  readonly prefix: string
  /** Scheme, host and port, after redirections. */
  readonly origin: string
  /** Path and query of the video itself, whose failure is the camera's. */
  readonly main: string
  /** What its playlists name. */
  readonly segments: Segments
}
