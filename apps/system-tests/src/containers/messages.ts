/** What a carrier is to do. */
export interface Journey {
  readonly server: string
  readonly bytes: number
  /** Where it saves the file once. */
  readonly path: string
}

/** What it cost. */
export interface JourneyReport {
  /** Whether what came back is what was sent. */
  readonly isSame: boolean
  readonly savedBytes: number
  /** Resident memory at its highest, over what it was before. */
  readonly growthBytes: number
  readonly upMs: number
  readonly downMs: number
}
