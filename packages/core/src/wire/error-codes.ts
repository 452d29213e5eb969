/**
 * The FileMaker numbers we act on. All others are answers and pass through unchanged.
 *
 * @see Claris FileMaker Pro help, "FileMaker error codes"; where a number is seen differently in practice, the reference
 *   behind this project (data-api.md, sections 5 and 7.5) says who saw it.
 */

/** Invalid Data API token: refused before anything ran. HTTP 401. */
export const TOKEN_INVALID = 952
/** Window is missing: the session was closed while the call ran, or a script closed its window. */
export const WINDOW_MISSING = 112
/** Host forced a disconnect. */
export const DISCONNECTED = 821
/** No records match the request: an empty page. HTTP 500. */
export const NO_RECORDS = 401
/** Script is missing. */
export const SCRIPT_MISSING = 104
/** Layout is missing. */
export const LAYOUT_MISSING = 105
/** Record is missing. */
export const RECORD_MISSING = 101
/** Field is missing. */
export const FIELD_MISSING = 102
/** Record modification ID does not match. */
export const MOD_ID_MISMATCH = 306

/**
 * The file or the host does not take requests just now; nothing was executed. 802 unable to open file, 803 single-user or
 * host not found, 814 too many open files, 820 file is being closed, 1638 no new connections, 1701 unable to receive.
 */
export const BUSY: ReadonlySet<number> = new Set([802, 803, 814, 820, 1638, 1701])

/**
 * The request itself is malformed, and refused before anything is done: 10 fails its description, 957 conflicting, 958 missing
 * and 960 invalid parameters, 1700 to 1710 as the Admin API has them.
 */
export const MALFORMED: ReadonlySet<number> = new Set([
  10, 957, 958, 960, 1700, 1702, 1704, 1705, 1706, 1707, 1708, 1710,
])

/** The login is refused for good: 210 inactive, 211 expired, 212 wrong, 213 unknown, 1703 wrong, 214 too many attempts. */
export const CREDENTIALS_REFUSED: ReadonlySet<number> = new Set([210, 211, 212, 213, 214, 1703])
/** No room for another session: 812 is what servers say, 956 what is documented. */
export const SESSION_CAP: ReadonlySet<number> = new Set([812, 956])
