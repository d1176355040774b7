/** Why a photo is not decoded, in words that go on after its name, and what to do. Crosses the pipe as JSON. */
export class Refused extends Error {
  readonly remedy: string
  constructor(what: string, remedy: string) {
    super(what)
    this.remedy = remedy
  }
}
