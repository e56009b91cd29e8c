import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

/** Returns the network interfaces of this machine; none when the system call fails, because it needs a descriptor. */
export function interfacesOfHost(): NodeJS.Dict<NetworkInterfaceInfo[]> {
  try {
    return networkInterfaces()
  } catch {
    return {}
  }
}
