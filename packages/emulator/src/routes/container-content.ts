import type { IncomingHttpHeaders } from 'node:http'
import { htmlPage } from '../answer.ts'
import type { Answer } from '../answer.ts'
import { CONTAINER_COOKIE } from '../container-urls.ts'
import type { ContainerUrls } from '../container-urls.ts'

/**
 * The content of a container field (section 3.18): first a redirect with a cookie, then the bytes with it. This one lies
 * outside `/fmi/data` and belongs to the web server, so it has no envelope.
 */
export function containerContent(containers: ContainerUrls, target: string, headers: IncomingHttpHeaders): Answer {
  const answer = containers.take(target.replace(/\?.*$/s, ''), headers)
  switch (answer.kind) {
    case 'refused':
      return htmlPage(401, 'Unauthorized')
    case 'redirect':
      return {
        status: 302,
        code: undefined,
        body: '',
        headers: { Location: target, 'Set-Cookie': `${CONTAINER_COOKIE}=${answer.cookie}; Path=/; HttpOnly` },
        from: 'front',
      }
    case 'content': {
      const { name, type, content } = answer.container
      const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, '_')
      return {
        status: 200,
        code: undefined,
        body: content,
        headers: {
          'Content-Type': type,
          'Content-Disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`,
        },
        from: 'front',
      }
    }
  }
}
