// Shrinks a picture: decodes it, resizes it and encodes it again, with sharp, which is loaded when it is first wanted.

/** As the upstream hands them out: 2K, with as much noise as a photograph. */
const PICTURE = 2048
const BACKGROUND = { channels: 3, background: '#8899aa' } as const
const NOISE = { type: 'gaussian', mean: 128, sigma: 12 } as const
const GRAIN = 256
const SIDE = 512

/** Each picture is the same, and made once: how long shrinking it takes is what is wanted. */
export function resizer(): () => Promise<void> {
  let picture: Promise<Buffer> | undefined
  return async () => {
    const { default: sharp } = await import('sharp')
    picture ??= sharp({ create: { width: GRAIN, height: GRAIN, ...BACKGROUND, noise: NOISE } })
      .resize(PICTURE, PICTURE)
      .jpeg({ quality: 85 })
      .toBuffer()
    await sharp(await picture)
      .resize(SIDE, SIDE)
      .jpeg()
      .toBuffer()
  }
}
