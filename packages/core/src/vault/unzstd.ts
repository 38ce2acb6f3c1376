/** A decoder in JavaScript, for versions of Node without zstd; imported only there. */
export { decompress } from 'fzstd'
