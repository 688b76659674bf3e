"""The pages of this system: the portal's for citizens, the desk's for officials."""
