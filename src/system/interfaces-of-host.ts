import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

/** The network interfaces of this machine; none while the system cannot say, because the question takes a descriptor. */
export function interfacesOfHost(): NodeJS.Dict<NetworkInterfaceInfo[]> {
  try {
    return networkInterfaces()
  } catch {
    return {}
  }
}
