import type { Call, Exchange } from './exchange/exchange.ts'
import { checkCall, limitsOf, type CallOptions } from './call-options.ts'
import { pathOf, ROUTES, type Route } from './wire/parameters.ts'
import type { JsonObject } from './wire/shapes.ts'

/** What the server says about itself. Newer servers leave out `version` and `buildDate`. */
export interface ProductInfo {
  readonly name: string
  readonly buildDate?: string
  readonly version?: string
  readonly dateFormat: string
  readonly timeFormat: string
  readonly timeStampFormat: string
}

/** A layout, or a folder of layouts. */
export interface LayoutEntry {
  readonly name: string
  readonly table?: string
  readonly isFolder?: boolean
  readonly folderLayoutNames?: readonly LayoutEntry[]
}

/** A script, or a folder of scripts. A separator is a script named `-`. */
export interface ScriptEntry {
  readonly name: string
  readonly isFolder: boolean
  readonly folderScriptNames?: readonly ScriptEntry[]
}

/** What the server and the database consist of. */
export interface Metadata {
  /**
   * What the server says about itself. Needs no session.
   *
   * @see Claris FileMaker Data API Guide, "Get product information"
   */
  productInfo(options?: CallOptions): Promise<ProductInfo>
  /**
   * Names of the databases that the server shows to this account. Needs no session. With `oauth` and `heldToken` the server is
   * asked without credentials, and shows what it shows to everybody: an OAuth pair would be used up.
   *
   * @see Claris FileMaker Data API Guide, "Get database names"
   */
  databases(options?: CallOptions): Promise<readonly { readonly name: string }[]>
  /**
   * The database's layouts, folders as trees.
   *
   * @see Claris FileMaker Data API Guide, "Get layout names"
   */
  layouts(options?: CallOptions): Promise<readonly LayoutEntry[]>
  /**
   * The database's scripts, folders as trees.
   *
   * @see Claris FileMaker Data API Guide, "Get script names"
   */
  scripts(options?: CallOptions): Promise<readonly ScriptEntry[]>
}

export function createMetadata(
  exchange: Exchange,
  base: string,
  database: string,
  credentials: Call['instead'],
): Metadata {
  const ask = async (
    method: string,
    route: Route,
    options: CallOptions,
    instead?: Call['instead'],
  ): Promise<JsonObject> => {
    checkCall(method, options)
    const path = base + pathOf(route, { database })
    return exchange({ route, path, verb: 'read', ...(instead === undefined ? {} : { instead }), ...limitsOf(options) })
  }
  return {
    productInfo: async (options = {}) => {
      const response = await ask('productInfo', ROUTES.productInfo, options, 'nothing')
      // Claris' description has the keys directly under `response`, servers put `productInfo` between.
      return (response.productInfo ?? response) as unknown as ProductInfo
    },
    databases: async (options = {}) => {
      const response = await ask('databases', ROUTES.databases, options, credentials)
      return listOf(response.databases) as readonly { readonly name: string }[]
    },
    layouts: async (options = {}) =>
      listOf((await ask('layouts', ROUTES.layouts, options)).layouts) as readonly LayoutEntry[],
    scripts: async (options = {}) =>
      listOf((await ask('scripts', ROUTES.scripts, options)).scripts) as readonly ScriptEntry[],
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
