namespace Platform.ServiceDefaults;

/// <summary>
/// A setting that the process cannot start with. Its message is one line: which setting, what it is, what to
/// give instead. <see cref="PlatformHost.Run"/> prints it and ends with exit code 1.
/// </summary>
public sealed class SettingRefusedException(string message) : Exception(message);
