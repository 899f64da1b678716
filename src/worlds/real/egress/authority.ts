// A certificate authority for one run: it vouches for the fixed names that the run serves, and is then forgotten.
import { webcrypto } from 'node:crypto'
import type { X509Certificate } from '@peculiar/x509'

export interface Certificate {
  /** PEM, both. */
  readonly cert: string
  readonly key: string
}

export interface Authority {
  /** PEM: what a process has to trust. Its key is kept nowhere: nothing more can be signed with it. */
  readonly certificate: string
  /** By name. */
  readonly names: Readonly<Record<string, Certificate>>
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
/** A process whose clock is off has to find them valid all the same; some clients take no more than 825 days. */
const VALID_DAYS = 365

/** A few milliseconds for each name. */
export async function authorityFor(names: readonly string[]): Promise<Authority> {
  // Its injection of dependencies asks for this first.
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const keys = await newKeys()
  const common = { signingAlgorithm: ALGORITHM, ...validity(Date.now()) }
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...common,
    name: 'CN=Aftershock',
    keys,
    serialNumber: '01',
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const certify = async (name: string, i: number): Promise<Certificate> => {
    const own = await newKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      ...common,
      serialNumber: (i + 2).toString(16).padStart(4, '0'),
      // A name may be too long for a subject; nobody reads it there.
      subject: 'CN=stand-in',
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
        await x509.SubjectKeyIdentifierExtension.create(own.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    return { cert: pem(certificate), key: await pemOfKey(own.privateKey) }
  }
  const certificates = await Promise.all(names.map(certify))
  return {
    certificate: pem(root),
    names: Object.fromEntries(names.map((name, i) => [name, certificates[i] as Certificate])),
  }
}

function validity(nowMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const ms = VALID_DAYS * 86_400_000
  return { notBefore: new Date(nowMs - ms), notAfter: new Date(nowMs + ms) }
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${bytes.replaceAll(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`
}
