// A find criterion for text as a pattern (section 8.4): what it matches, and what SQL can say about it beforehand.

/** One thing that a criterion asks for at one place. */
type Element =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'anything' }
  | { readonly kind: 'character' }
  | { readonly kind: 'digit' }
  | { readonly kind: 'blank' }

/** `words`: some word begins so; `whole-words`: there is such a word; `whole-field`: nothing but that. */
export type TextMode = 'words' | 'whole-words' | 'whole-field'

/** Tells whether a text matches a pattern that `textPattern` made. It remembers what it has compiled. */
export function createTextMatcher(): (pattern: string, text: string) => boolean {
  const compiled = new Map<string, readonly RegExp[]>()
  return (pattern, text) => {
    let expressions = compiled.get(pattern)
    if (expressions === undefined) {
      // A find asks for the same few patterns row after row; those of the finds before it are of no use any more.
      if (compiled.size >= 100) compiled.clear()
      expressions = compile(pattern)
      compiled.set(pattern, expressions)
    }
    return expressions.length > 0 && expressions.every((expression) => expression.test(text))
  }
}

/**
 * The pattern for a criterion, as one string for a text matcher: mode and text go through SQL as one value.
 *
 * @param criterion - Without its leading operator.
 */
export function textPattern(mode: TextMode, criterion: string): string {
  return `${mode}:${criterion}`
}

/**
 * A pattern for SQL's LIKE (escape character `\`) that every matching text fits as well. LIKE is several times faster
 * than a function called for each row, so it goes first. Undefined when nothing can be said.
 *
 * LIKE is blind to case in ASCII only, so nothing else is taken from the criterion.
 */
export function likePrefilter(criterion: string): string | undefined {
  const runs = parseElements(criterion)
    .flatMap((element) => (element.kind === 'literal' ? [element.text] : ['\u0000']))
    .join('')
    .split(/[^\x20-\x7e]+/)
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  return longest === '' ? undefined : `%${escapeLike(longest)}%`
}

/** `*abc*` as a pattern for LIKE that says all of it, or undefined when LIKE is not enough. */
export function likeExactly(criterion: string): string | undefined {
  const elements = parseElements(criterion)
  const [first, last] = [elements[0], elements.at(-1)]
  if (elements.length < 3 || first?.kind !== 'anything' || last?.kind !== 'anything') return undefined
  const inner = elements.slice(1, -1)
  if (!inner.every((element) => element.kind === 'literal' && /^[\x20-\x7e]+$/.test(element.text))) return undefined
  return `%${escapeLike(inner.map((element) => (element.kind === 'literal' ? element.text : '')).join(''))}%`
}

/** The text itself when a criterion holds no wildcard, else undefined. */
export function plainText(criterion: string): string | undefined {
  const elements = parseElements(criterion)
  let text = ''
  for (const element of elements) {
    if (element.kind === 'literal') text += element.text
    else if (element.kind === 'blank') text += ' '
    else return undefined
  }
  return text
}

function compile(pattern: string): RegExp[] {
  const colon = pattern.indexOf(':')
  const mode = pattern.slice(0, colon) as TextMode
  const elements = parseElements(pattern.slice(colon + 1))
  if (mode === 'whole-field') return [new RegExp(`^${expressionOf(elements, '$')}`, 'iu')]
  return splitAtBlanks(elements).map((word) => wordExpression(word, mode))
}

function wordExpression(elements: readonly Element[], mode: TextMode): RegExp {
  const [first, last] = [elements[0], elements.at(-1)]
  const start = first !== undefined && startsWord(first) ? '(?<![\\p{L}\\p{M}\\p{N}])' : ''
  const end = mode === 'whole-words' && last !== undefined && endsWord(last) ? '(?![\\p{L}\\p{M}\\p{N}])' : ''
  return new RegExp(start + expressionOf(elements, end), 'iu')
}

/**
 * The elements as a regular expression. Each `*` and what follows up to the next one is a lookahead with a reference back
 * to it, which never gives back what it took: without that, `*a*a*a*a*b` would take ages on a long text.
 */
function expressionOf(elements: readonly Element[], end: string): string {
  const segments: string[] = ['']
  for (const element of elements) {
    if (element.kind === 'anything') segments.push('')
    else segments[segments.length - 1] += sourceOf(element)
  }
  const [head = '', ...rest] = segments
  if (rest.length === 0) return head + end
  const last = rest.pop() ?? ''
  const middle = rest.map((segment, index) => (segment === '' ? '' : `(?=(?<s${index}>[^]*?${segment}))\\k<s${index}>`))
  return `${head}${middle.join('')}${last === '' && end !== '$' ? '' : `[^]*?${last}${end}`}`
}

function sourceOf(element: Element): string {
  switch (element.kind) {
    case 'literal':
      return element.text.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) =>
        character === '-' ? '\\x2d' : `\\${character}`,
      )
    case 'character':
      return '[^]'
    case 'digit':
      return '\\p{Nd}'
    case 'blank':
      return '\\s+'
    case 'anything':
      return '[^]*?'
  }
}

/** Reads `\x` and `"…"` as literal and the wildcards as what they stand for. One literal is one character, or a phrase. */
function parseElements(criterion: string): Element[] {
  const elements: Element[] = []
  let quoted = false
  for (let at = 0; at < criterion.length; at += 1) {
    const character = String.fromCodePoint(criterion.codePointAt(at) ?? 0)
    at += character.length - 1
    if (character === '\\' && at + 1 < criterion.length) {
      const escaped = String.fromCodePoint(criterion.codePointAt(at + 1) ?? 0)
      at += escaped.length
      elements.push({ kind: 'literal', text: escaped })
    } else if (character === '"') quoted = !quoted
    else if (quoted) elements.push({ kind: 'literal', text: character })
    else if (character === '*') elements.push({ kind: 'anything' })
    else if (character === '@') elements.push({ kind: 'character' })
    else if (character === '#') elements.push({ kind: 'digit' })
    else if (/\s/.test(character)) elements.push({ kind: 'blank' })
    else elements.push({ kind: 'literal', text: character })
  }
  return elements
}

function splitAtBlanks(elements: readonly Element[]): Element[][] {
  const words: Element[][] = [[]]
  for (const element of elements) {
    if (element.kind === 'blank') words.push([])
    else words.at(-1)?.push(element)
  }
  return words.filter((word) => word.length > 0)
}

function startsWord(element: Element): boolean {
  return element.kind !== 'anything' && (element.kind !== 'literal' || /^[\p{L}\p{M}\p{N}]/u.test(element.text))
}

function endsWord(element: Element): boolean {
  return element.kind !== 'anything' && (element.kind !== 'literal' || /[\p{L}\p{M}\p{N}]$/u.test(element.text))
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}
