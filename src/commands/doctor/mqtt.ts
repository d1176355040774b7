import type { Config } from '../../config/config.ts'
import { describeError } from '../../errors.ts'
import { connector } from '../../sinks/mqtt/connection.ts'
import { isMqttConfigured } from '../../sinks/mqtt/options.ts'
import type { Finding } from './finding.ts'

/** Whether the broker lets this program in. Publishes nothing, and leaves the connection of a Rollcall that runs alone. */
export const checkMqtt = async ({ sinks }: Pick<Config, 'sinks'>): Promise<Finding[]> => {
  const options = sinks.mqtt
  if (!isMqttConfigured(options)) return []
  const what = `mqtt ${options.broker}`
  try {
    const connection = await connector(options, `rollcall-doctor-${process.pid}`, null)()
    await connection.close()
    return [{ verdict: 'good', what, detail: 'lets this program in' }]
  } catch (error) {
    const fix = 'check broker, user, password and tls of sinks.mqtt; events wait on disk meanwhile'
    return [{ verdict: 'bad', what, detail: describeError(error) || 'does not answer', fix }]
  }
}
