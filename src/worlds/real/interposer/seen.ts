// What a request is: S3's operations by method, path and query; a pipeline's routes by the paths it declares.
import type { IncomingHttpHeaders } from 'node:http'
import { type Headers, STORE_NAME } from '../../world.ts'
import type { Routes } from '../routes.ts'
import type { Seen } from './wire-call.ts'

/** Undefined for what no rule is about: bucket look-ups, and paths that nobody declared. */
export function seenIn(
  to: string,
  method: string,
  target: string,
  body: Buffer,
  headers: IncomingHttpHeaders,
  routes: Routes,
): Seen | undefined {
  const url = URL.parse(target, 'http://host')
  if (url === null) return undefined
  return to === STORE_NAME
    ? storeCall(method, url, body)
    : httpCall(method, url, body, headers, routes)
}

function storeCall(
  method: string,
  { pathname, searchParams }: URL,
  body: Buffer,
): Seen | undefined {
  const slash = pathname.indexOf('/', 1)
  const key = slash < 0 ? '' : decoded(pathname.slice(slash + 1))
  if (key === '') {
    if (method === 'POST' && searchParams.has('delete'))
      return { op: 'delete', route: 'deleteMany', key: '', keys: keysIn(body.toString('utf8')) }
    const isListing = method === 'GET' && pathname !== '/' && !isAside(searchParams)
    return isListing
      ? { op: 'list', route: 'list', key: searchParams.get('prefix') ?? '' }
      : undefined
  }
  // An object that comes in parts is there once they are put together.
  if (method === 'POST' && searchParams.has('uploadId')) return { op: 'put', route: 'put', key }
  if (isAside(searchParams)) return undefined
  switch (method) {
    case 'PUT':
      return { op: 'put', route: 'put', key }
    case 'HEAD':
      return { op: 'head', route: 'head', key }
    case 'DELETE':
      return { op: 'delete', route: 'delete', key }
    case 'GET':
      return { op: 'fetch', route: 'fetch', key }
    default:
      return undefined
  }
}

/** Of a bucket or an object, but neither what is in it nor its bytes; `events` waits for news, as long as it takes. */
const ASIDE = [
  ...['acl', 'cors', 'encryption', 'events', 'legal-hold', 'lifecycle', 'location', 'logging'],
  ...['notification', 'object-lock', 'policy', 'replication', 'retention', 'select', 'tagging'],
  ...['uploadId', 'uploads', 'versioning', 'website'],
]

function isAside(query: URLSearchParams): boolean {
  return query.size > 0 && ASIDE.some((name) => query.has(name))
}

/** The keys of a multi-object delete. */
function keysIn(xml: string): string[] {
  return [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) =>
    key
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll(/&(?:apos|#39);/g, "'")
      .replaceAll('&amp;', '&'),
  )
}

function httpCall(
  method: string,
  url: URL,
  body: Buffer,
  headers: IncomingHttpHeaders,
  routes: Routes,
): Seen | undefined {
  const match = routes.match(method, url.pathname)
  if (match === undefined) return undefined
  const texts = headers as Headers
  const wantsBody = routes.spec(match.route)?.key?.startsWith('body.') === true
  const key = routes.keyOf(match.route, match.params, wantsBody ? jsonIn(body) : null, texts)
  return { op: 'http', route: match.route, key }
}

function jsonIn(body: Buffer) {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
