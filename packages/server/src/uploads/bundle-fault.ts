/** What is wrong with a bundle, in words for whoever uploaded it; an answer, not an error of ours. */
export class BundleFault extends Error {
  override name = 'BundleFault'
}
