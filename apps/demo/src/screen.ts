// Where the demo writes: lines that stay, and on a terminal a few that are drawn anew in place.

export interface Screen {
  /** Whether somebody may be looking, who can press Ctrl+C. */
  readonly isTerminal: boolean
  /** Writes a text that stays. */
  print(text: string): void
  /** On a terminal the lines replace those shown before; elsewhere `line` is written, at most every two seconds. */
  show(lines: readonly string[], line: string): void
}

export function createScreen(stream: NodeJS.WriteStream): Screen {
  let shown = 0
  let lastLineAt = Number.NEGATIVE_INFINITY
  // Up to the first of the lines shown, and everything below it away.
  const erase = (): string => (shown === 0 ? '' : `\u001b[${shown}A\u001b[0J`)
  return {
    isTerminal: stream.isTTY,
    print: (text) => {
      stream.write(`${erase()}${text}\n`)
      shown = 0
    },
    show: (lines, line) => {
      if (stream.isTTY) {
        // A line that wraps would count as two.
        const cut = lines.map((entry) => entry.slice(0, Math.max(20, stream.columns - 1)))
        stream.write(`${erase()}${cut.join('\n')}\n`)
        shown = cut.length
      } else if (performance.now() - lastLineAt >= 2_000) {
        lastLineAt = performance.now()
        stream.write(`${line}\n`)
      }
    },
  }
}
