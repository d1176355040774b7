/** Words that examples and guides put where a secret belongs. */
const placeholder =
  /change.?(me|this|it)|placeholder|replace.?(me|this)|your.?token|example|password|passw0rd|secret|qwert|letmein|dummy/i

/** The fewest different characters of a token: 32 random hexadecimal digits have at least that many but once in a million. */
const leastDistinct = 8

/** Most characters in a row that follow each other in the alphabet or in counting, such as `0123456789` and `cba`. */
const longestRun = (token: string): number => {
  let longest = 1
  for (const step of [1, -1, 0]) {
    let length = 1
    for (let i = 1; i < token.length; i++) {
      length = token.charCodeAt(i) - token.charCodeAt(i - 1) === step ? length + 1 : 1
      longest = Math.max(longest, length)
    }
  }
  return longest
}

/**
 * Why a token can be guessed; null when nothing speaks against it. It finds placeholders of examples, words and patterns, not
 * every token that was made badly. The answer does not hold the token.
 */
export const weaknessOf = (token: string): string | null => {
  const found = placeholder.exec(token)
  if (found) return `it holds "${found[0].toLowerCase()}", as placeholders do`
  if (new Set(token).size < leastDistinct) return `it has fewer than ${leastDistinct} different characters`
  if (longestRun(token) > token.length / 2) return 'most of it is a row such as 0123456789'
  if (/^(.{1,16})\1+.{0,15}$/.test(token) && token.length < 64) return 'it repeats itself'
  return null
}
