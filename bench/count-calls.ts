import { Session } from 'node:inspector/promises'

/**
 * How often functions are called while `work` runs, as V8 counts them: nothing has to be changed in what is measured.
 * `named` is the function's name, `file` the end of its file's URL.
 */
export const countCalls = async (file: string, named: string, work: () => void): Promise<number> => {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
    work()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const functions = result.filter(({ url }) => url.endsWith(file)).flatMap((script) => script.functions)
    const found = functions.filter(({ functionName }) => functionName === named)
    if (found.length !== 1) throw new Error(`${found.length} functions ${named} ran in ${file}, expected one`)
    return found[0]?.ranges[0]?.count ?? 0
  } finally {
    session.disconnect()
  }
}
