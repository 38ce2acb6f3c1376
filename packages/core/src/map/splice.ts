/** Bytes of a map to be replaced; `end` equals `start` for an insertion. */
export interface Splice {
  start: number
  end: number
  text: string
}
