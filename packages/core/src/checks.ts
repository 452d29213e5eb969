/** A name in FileMaker: any text that is not empty and can be sent. */
export function name(option: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${option}: must be a text that is not empty`)
  if (!value.isWellFormed()) throw new TypeError(`${option}: holds half of a surrogate pair, which can't be sent`)
  return value
}

/** Refuses options that nobody reads, so that a slip of the pen is not taken for a choice. */
export function known(where: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${where}: options must be an object`)
  for (const option of Object.keys(options)) {
    if (!names.includes(option))
      throw new TypeError(`${where}: there is no option "${option}"; there are ${names.join(', ')}`)
  }
}

/** A whole number within bounds. */
export function count(option: string, value: unknown, least: number, most: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new TypeError(`${option}: must be a whole number from ${least} to ${most}`)
  }
}

export function boolean(option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`${option}: must be true or false`)
}

export function text(option: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${option}: must be a text`)
  if (!value.isWellFormed()) throw new TypeError(`${option}: holds half of a surrogate pair, which can't be sent`)
  return value
}

export function oneOf(option: string, value: unknown, choices: readonly string[]): void {
  if (typeof value !== 'string' || !choices.includes(value)) {
    throw new TypeError(`${option}: must be one of ${choices.map((choice) => `'${choice}'`).join(', ')}`)
  }
}
