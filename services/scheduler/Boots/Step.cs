namespace Platform.Scheduler.Boots;

/// <summary>The steps of a boot, as timelines, deadlines and stuck boots name them.</summary>
public static class Step
{
    public const string Request = "request";
    public const string Resolve = "resolve";
    public const string Choose = "choose";
    public const string Claim = "claim";
    public const string Bind = "bind";
    public const string Plug = "plug";
    public const string Confirm = "confirm";
    public const string Unplug = "unplug";
    public const string Unbind = "unbind";
    public const string Release = "release";
    public const string Stuck = "stuck";
    public const string Stop = "stop";
}
