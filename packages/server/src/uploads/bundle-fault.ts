/** Says what is wrong with a bundle; the message goes to the client. */
export class BundleFault extends Error {
  override name = 'BundleFault'
}
