import type { OnvifDeviceOptions, OnvifProfile } from './device.ts'

/** The body of the answer to an operation; null when the device does not know it. */
export const answerOperation = (
  operation: string,
  request: string,
  options: OnvifDeviceOptions,
  port: number,
): string | null => {
  const { profiles = [], saysHost = '127.0.0.1', media2 = false, getServices = true, rtspPort = 554 } = options
  const isSecond = request.includes('/ver20/media/')
  const token = /ProfileToken>([^<]*)</.exec(request)?.[1]
  const profile = profiles.find((each) => each.token === token)
  const at = (path: string): string => `http://${saysHost}:${port}/onvif/${path}`
  switch (operation) {
    case 'GetSystemDateAndTime':
      return timeOf(new Date(Date.now() + (options.clockAheadMs ?? 0)))
    case 'GetDeviceInformation':
      return '<tds:GetDeviceInformationResponse><tds:Manufacturer>Rollcall</tds:Manufacturer><tds:Model>Simulated &amp; small</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion></tds:GetDeviceInformationResponse>'
    case 'GetServices':
      return getServices
        ? `<tds:GetServicesResponse>${service('http://www.onvif.org/ver10/media/wsdl', at('media'))}${media2 ? service('http://www.onvif.org/ver20/media/wsdl', at('media2')) : ''}</tds:GetServicesResponse>`
        : null
    case 'GetCapabilities':
      return `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>${at('media')}</tt:XAddr></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`
    case 'GetProfiles':
      return `<trt:GetProfilesResponse>${profiles.map(isSecond ? secondProfile : firstProfile).join('')}</trt:GetProfilesResponse>`
    case 'GetStreamUri':
      if (profile === undefined || profile.path === null) return null
      return uri('GetStreamUri', `rtsp://${saysHost}:${rtspPort}/${profile.path}`, isSecond)
    case 'GetSnapshotUri':
      return profile === undefined
        ? null
        : uri('GetSnapshotUri', `http://${saysHost}:${port}/snapshot/${profile.token}`, isSecond)
    default:
      return null
  }
}

const timeOf = (date: Date): string =>
  `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:UTCDateTime><tt:Time><tt:Hour>${date.getUTCHours()}</tt:Hour><tt:Minute>${date.getUTCMinutes()}</tt:Minute><tt:Second>${date.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${date.getUTCFullYear()}</tt:Year><tt:Month>${date.getUTCMonth() + 1}</tt:Month><tt:Day>${date.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`

const service = (namespace: string, address: string): string =>
  `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${address}</tds:XAddr></tds:Service>`

const encoder = ({ encoding = 'H264', width, height }: OnvifProfile, isSecond: boolean): string =>
  // Media has no word for H.265 (ONVIF Media 5.3).
  `<tt:Encoding>${encoding === 'H265' && !isSecond ? 'H264' : encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:RateControl><tt:FrameRateLimit>25</tt:FrameRateLimit><tt:BitrateLimit>2048</tt:BitrateLimit></tt:RateControl>`

const firstProfile = (profile: OnvifProfile): string =>
  `<trt:Profiles token="${profile.token}" fixed="true"><tt:Name>${profile.token}</tt:Name><tt:VideoSourceConfiguration token="v"><tt:SourceToken>${profile.source ?? 'source'}</tt:SourceToken></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="e">${encoder(profile, false)}<tt:H264><tt:GovLength>50</tt:GovLength></tt:H264></tt:VideoEncoderConfiguration></trt:Profiles>`

const secondProfile = (profile: OnvifProfile): string =>
  `<trt:Profiles token="${profile.token}"><tt:Name>${profile.token}</tt:Name><trt:Configurations><trt:VideoSource token="v"><tt:SourceToken>${profile.source ?? 'source'}</tt:SourceToken></trt:VideoSource><trt:VideoEncoder token="e" GovLength="50" Profile="Main">${encoder(profile, true)}</trt:VideoEncoder></trt:Configurations></trt:Profiles>`

const uri = (operation: string, address: string, isSecond: boolean): string => {
  const escaped = address.replaceAll('&', '&amp;')
  const inner = isSecond ? `<trt:Uri>${escaped}</trt:Uri>` : `<trt:MediaUri><tt:Uri>${escaped}</tt:Uri></trt:MediaUri>`
  return `<trt:${operation}Response>${inner}</trt:${operation}Response>`
}
