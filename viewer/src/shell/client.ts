import type { Client as RollcallClient } from '@rollcall/client'

/**
 * The part of the connection that pages use. One page is shown at a time, so the last call of `watch` counts; while the tab
 * is hidden nothing is sent, whatever it says.
 */
export type Client = Pick<RollcallClient, 'watch' | 'onPicture' | 'onUnit' | 'onNoVideo' | 'on' | 'nowMs'>
