namespace Platform.NetworkBinding.Domain;

/// <summary>Why a user's request is refused, in Neutron's words.</summary>
/// <param name="Type">The name of Neutron's exception, as in the body of its answer.</param>
public sealed record Refusal(string Type, string Message)
{
    public static Refusal BadRequest(string message) => new("HTTPBadRequest", message);

    public static Refusal InvalidInput(string message) =>
        new("InvalidInput", $"Invalid input for operation: {message}.");

    public static Refusal PortNotFound(string id) => new("PortNotFound", $"Port {id} could not be found.");

    public static Refusal NetworkNotFound(string id) =>
        new("NetworkNotFound", $"Network {id} could not be found.");
}
