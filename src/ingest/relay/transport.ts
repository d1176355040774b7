/**
 * A Transport header of an answer to SETUP as GStreamer reads it (RFC 2326 12.39). Cameras leave it out, leave the
 * channels out, or write RTP/AVP for what comes in the RTSP connection: what was asked for tells what is meant.
 *
 *   asked                                          answered                        gives
 *   RTP/AVP/TCP;unicast;interleaved=0-1            RTP/AVP;unicast                 RTP/AVP/TCP;unicast;interleaved=0-1
 */
export const readableTransport = (asked: string | undefined, answered: string | undefined): string | undefined => {
  const channels = /interleaved=[\d-]+/i.exec(asked ?? '')?.[0]
  if (answered === undefined || channels === undefined) return answered ?? asked
  // The camera took the other transport of several that were offered.
  if (/client_port=/i.test(answered)) return answered
  const overTcp = answered.replace(/^\s*RTP\/AVP(\/\w+)?(?=;|\s*$)/i, 'RTP/AVP/TCP')
  return /interleaved=/i.test(overTcp) ? overTcp : `${overTcp};${channels}`
}
