// Where the demo writes: lines that stay, and on a terminal a few that are drawn anew in place.

export interface Screen {
  /** Whether somebody may be looking, who can press Ctrl+C. */
  readonly isTerminal: boolean
  /** Writes a text that stays. */
  print(text: string): void
  /** On a terminal the lines replace those shown before; elsewhere `line` is written, two seconds after the last text. */
  show(lines: readonly string[], line: string): void
}

export function createScreen(stream: NodeJS.WriteStream): Screen {
  let shown = 0
  let writtenAt = performance.now()
  let drawnAt = 0
  // Up to the first of the lines shown, and everything below it away.
  const erase = (): string => (shown === 0 ? '' : `\u001b[${shown}A\u001b[0J`)
  return {
    isTerminal: stream.isTTY,
    print: (text) => {
      stream.write(`${erase()}${text}\n`)
      shown = 0
      writtenAt = performance.now()
    },
    show: (lines, line) => {
      const now = performance.now()
      if (stream.isTTY) {
        if (shown > 0 && now - drawnAt < DRAW_EVERY_MS) return
        drawnAt = now
        // A line that wraps would count as two.
        const cut = lines.map((entry) => entry.slice(0, Math.max(20, (stream.columns || 80) - 1)))
        stream.write(`${erase()}${cut.join('\n')}\n`)
        shown = cut.length
      } else if (now - writtenAt >= WRITE_EVERY_MS) {
        writtenAt = now
        stream.write(`${line}\n`)
      }
    },
  }
}

const DRAW_EVERY_MS = 200
const WRITE_EVERY_MS = 2_000
